#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/static_files.hpp"

namespace immich::web_app {

/// What the web app may load. No inline script or style, nothing from another host, no embedding by other sites.
/// `blob:` is for pictures made in the page and for the worker of the map; `data:` for placeholders.
extern const char kContentSecurityPolicy[];

/// The built web app: its files, and its page for every address that is neither API nor file. The folder is listed
/// again when its index.html was replaced, so that page and files are always of one build.
class WebPages {
 public:
  /// `folder`: the build, with index.html; may be missing, then every page is 404.
  explicit WebPages(std::string folder);

  /// Throws NotFound `Cannot <method> <path>` for addresses below /api and for files of another build.
  http::Response Serve(const http::Request& request);
  /// The page with `html` or its own text, and the headers of every page.
  http::Response Page(const http::Request& request, int status = 200, std::optional<std::string> html = {});
  /// The build as it is now.
  const http::StaticFiles& Current();

 private:
  /// Which index.html the listing belongs to.
  struct Stamp {
    ino_t inode = 0;
    std::int64_t modified_ns = 0;
    off_t size = 0;
    bool operator==(const Stamp&) const = default;
  };
  Stamp Look() const;

  std::string folder_;
  Stamp stamp_;
  std::unique_ptr<http::StaticFiles> files_;
};

}  // namespace immich::web_app
