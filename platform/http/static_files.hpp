#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"

namespace immich::http {

/// A folder of web files, listed once: only what was there at the start can be asked for, so no path leads out of it.
/// `x.br` and `x.gz` beside `x` are its compressed forms.
class StaticFiles {
 public:
  /// `immutable_prefix`: URL path below which file names change with their contents.
  explicit StaticFiles(std::string root, std::string immutable_prefix = "/_app/immutable/");

  /// The file for `request.path`; nothing when there is none or the method is not GET or HEAD.
  std::optional<Response> Find(const Request& request) const;
  /// The page of the web app with `Cache-Control: no-store`, for every path that is neither API nor file. 406 when
  /// Accept excludes HTML, 404 for other methods and without an index.html. `html` replaces the page's text.
  Response Index(const Request& request, int status = 200, std::optional<std::string> html = std::nullopt) const;
  /// Text of index.html; empty when there is none.
  const std::string& index_html() const { return index_html_; }
  std::size_t size() const { return files_.size(); }

 private:
  struct Variant {
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ms = 0;
  };
  struct File {
    std::optional<Variant> plain, brotli, gzip;
  };
  struct PathHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>{}(path); }
  };

  void AddFile(const std::string& url_path, Variant variant);

  std::string root_;
  std::string immutable_prefix_;
  std::unordered_map<std::string, File, PathHash, std::equal_to<>> files_;
  std::string index_html_;
};

/// Media type for a file name of a web build; `application/octet-stream` for unknown extensions.
std::string_view WebContentType(std::string_view file_name);

}  // namespace immich::http
