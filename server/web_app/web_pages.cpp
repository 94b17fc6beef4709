#include "server/web_app/web_pages.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "platform/error/error.hpp"

namespace immich::web_app {

namespace {

/// Names below it change with every build; asking for one that is not there means that the page is of another build.
constexpr std::string_view kBuiltPrefix = "/_app/";

[[noreturn]] void RefuseRoute(const http::Request& request) {
  throw NotFound(fmt::format("Cannot {} {}", http::ToString(request.method), request.path));
}

}  // namespace

const char kContentSecurityPolicy[] =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

WebPages::WebPages(std::string folder)
    : folder_(std::move(folder)), stamp_(Look()), files_(std::make_unique<http::StaticFiles>(folder_)) {}

WebPages::Stamp WebPages::Look() const {
  struct stat status{};
  if (::stat((folder_ + "/index.html").c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_size};
}

const http::StaticFiles& WebPages::Current() {
  const Stamp now = Look();
  if (now != stamp_) {
    files_ = std::make_unique<http::StaticFiles>(folder_);
    stamp_ = now;
  }
  return *files_;
}

http::Response WebPages::Serve(const http::Request& request) {
  if (request.path == "/api" || request.path.starts_with("/api/")) RefuseRoute(request);
  // A build that was replaced is noticed where it matters: a page, or a file that the old one has not.
  std::optional<http::Response> file = files_->Find(request);
  if (!file || request.path == "/_app/version.json") file = Current().Find(request);
  if (file) {
    // The browser must look for a new service worker at every start of the app.
    if (request.path == "/service-worker.js") file->headers.Add("Cache-Control", "no-cache");
    return std::move(*file);
  }
  // The page in place of a script would be an error that nobody understands.
  if (request.path.starts_with(kBuiltPrefix)) RefuseRoute(request);
  return Page(request);
}

http::Response WebPages::Page(const http::Request& request, int status, std::optional<std::string> html) {
  http::Response response = Current().Index(request, status, std::move(html));
  if (response.status != status) return response;
  response.headers.Add("Content-Security-Policy", kContentSecurityPolicy);
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.headers.Add("Referrer-Policy", "same-origin");
  return response;
}

}  // namespace immich::web_app
