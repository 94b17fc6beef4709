#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/static_files.hpp"

namespace immich::web_app {

/// What the web app may load. No inline script or style, nothing from another host, no embedding by other sites.
/// `blob:` is for pictures made in the page and for the worker of the map; `data:` for placeholders.
extern const char kContentSecurityPolicy[];

/// The built web app: its files, and its page for every address that is neither API nor file.
class WebPages {
 public:
  /// `folder`: the build, with index.html; may be missing, then every page is 404.
  explicit WebPages(std::string folder) : files_(std::move(folder)) {}

  /// Throws NotFound `Cannot <method> <path>` for addresses below /api.
  http::Response Serve(const http::Request& request) const;
  /// The page with `html` or its own text, and the headers of every page.
  http::Response Page(const http::Request& request, int status = 200, std::optional<std::string> html = {}) const;
  const std::string& index_html() const { return files_.index_html(); }

 private:
  http::StaticFiles files_;
};

}  // namespace immich::web_app
