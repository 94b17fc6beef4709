#include "server/web_app/web_pages.hpp"

#include <fmt/format.h>

#include <utility>

#include "platform/error/error.hpp"

namespace immich::web_app {

const char kContentSecurityPolicy[] =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

http::Response WebPages::Serve(const http::Request& request) const {
  if (request.path == "/api" || request.path.starts_with("/api/")) {
    throw NotFound(fmt::format("Cannot {} {}", http::ToString(request.method), request.path));
  }
  if (auto file = files_.Find(request)) {
    // The browser must look for a new service worker at every start of the app.
    if (request.path == "/service-worker.js") file->headers.Add("Cache-Control", "no-cache");
    return std::move(*file);
  }
  return Page(request);
}

http::Response WebPages::Page(const http::Request& request, int status, std::optional<std::string> html) const {
  http::Response response = files_.Index(request, status, std::move(html));
  if (response.status != status) return response;
  response.headers.Add("Content-Security-Policy", kContentSecurityPolicy);
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.headers.Add("Referrer-Policy", "same-origin");
  return response;
}

}  // namespace immich::web_app
