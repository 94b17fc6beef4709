#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_router.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {
class SystemConfig;
}

namespace immich::web_app {

class WebPages;

/// The page behind a public link, with tags from which messengers and social networks make a preview (facts: sharing).
class SharePage {
 public:
  SharePage(pg::Db& db, const SystemConfig& config, WebPages& pages) : db_(db), config_(config), pages_(pages) {}

  /// Whether `request` asks for `/share/<key>…` or `/s/<slug>…`.
  static bool IsFor(const http::Request& request);
  /// 404 with the same page when there is no such link, so that the app can say so. A link with a password tells
  /// nothing of what is behind it.
  Task<http::Response> Serve(const http::Request& request);

 private:
  struct Preview;
  Task<std::optional<Preview>> Find(const http::Request& request);
  std::string Base(const http::Request& request) const;

  pg::Db& db_;
  const SystemConfig& config_;
  WebPages& pages_;
};

/// Answers what no route of the API matches: files and pages of the web app in `folder`, share pages with their tags.
http::Handler MakePageHandler(std::string folder, pg::Db& db, const SystemConfig& config);

/// `text` for the value of an attribute in double quotes.
std::string EscapeAttribute(std::string_view text);

}  // namespace immich::web_app
