#include "platform/http/static_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "platform/http/content_coding.hpp"
#include "platform/http/http_errors.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

constexpr std::string_view kIndexPath = "/index.html";

bool AcceptsHtml(const Request& request) {
  const auto accept = request.headers.Find("Accept");
  if (!accept || accept->empty()) return true;
  std::string_view list = *accept;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view element = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const std::string_view range = TrimBlanks(element.substr(0, element.find(';')));
    const bool matches =
        range == "*/*" || EqualsIgnoringCase(range, "text/*") || EqualsIgnoringCase(range, "text/html");
    const bool is_refused =
        element.find("q=0") != std::string_view::npos && element.find("q=0.") == std::string_view::npos;
    if (matches && !is_refused) return true;
  }
  return false;
}

}  // namespace

StaticFiles::StaticFiles(std::string root, std::string immutable_prefix)
    : root_(std::move(root)), immutable_prefix_(std::move(immutable_prefix)) {
  namespace fs = std::filesystem;
  while (root_.ends_with('/')) root_.pop_back();
  std::error_code error;
  fs::recursive_directory_iterator entries(root_, fs::directory_options::skip_permission_denied, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    struct stat status{};
    const std::string path = entries->path().string();
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    const std::int64_t modified_ms = status.st_mtim.tv_sec * 1000 + (status.st_mtim.tv_nsec + 500'000) / 1'000'000;
    AddFile(path.substr(root_.size()), {static_cast<std::uint64_t>(status.st_size), modified_ms});
  }
  std::ifstream index(root_ + std::string(kIndexPath), std::ios::binary);
  index_html_.assign(std::istreambuf_iterator<char>(index), {});
}

void StaticFiles::AddFile(const std::string& url_path, Variant variant) {
  if (url_path.ends_with(".br")) {
    files_[url_path.substr(0, url_path.size() - 3)].brotli = variant;
  } else if (url_path.ends_with(".gz")) {
    files_[url_path.substr(0, url_path.size() - 3)].gzip = variant;
  } else {
    files_[url_path].plain = variant;
  }
}

std::optional<Response> StaticFiles::Find(const Request& request) const {
  if (request.method != Method::kGet && request.method != Method::kHead) return std::nullopt;
  const auto found = files_.find(std::string_view(request.path));
  if (found == files_.end() || !found->second.plain || request.path == kIndexPath) return std::nullopt;
  const File& file = found->second;
  const std::string_view accepted = request.headers.Get("Accept-Encoding");
  std::string path = root_ + found->first;
  std::string_view coding;
  Variant variant = *file.plain;
  if (file.brotli && AcceptsCoding(accepted, "br")) {
    path += ".br";
    coding = "br";
    variant = *file.brotli;
  } else if (file.gzip && AcceptsCoding(accepted, "gzip")) {
    path += ".gz";
    coding = "gzip";
    variant = *file.gzip;
  }
  Response response = Response::File(std::move(path), std::string(WebContentType(found->first)));
  response.headers.Add("Vary", "Accept-Encoding");
  if (!coding.empty()) response.headers.Add("Content-Encoding", std::string(coding));
  if (found->first.starts_with(immutable_prefix_)) {
    response.headers.Add("Cache-Control", "public,max-age=31536000,immutable");
  }
  response.headers.Add("ETag", fmt::format("W/\"{}-{}\"", variant.size_bytes, variant.modified_ms));
  return response;
}

Response StaticFiles::Index(const Request& request, int status, std::optional<std::string> html) const {
  const bool is_read = request.method == Method::kGet || request.method == Method::kHead;
  if (!is_read || (index_html_.empty() && !html)) {
    return MessageResponse(404, fmt::format("Cannot {} {}", ToString(request.method), request.path));
  }
  if (!AcceptsHtml(request)) return MessageResponse(406, "Not Acceptable");
  std::string text = html ? std::move(*html) : std::string(index_html_);
  Response response = Response::Text(status, "text/html; charset=utf-8", std::move(text));
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

std::string_view WebContentType(std::string_view file_name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"html", "text/html;charset=utf-8"},
      {"js", "text/javascript"},
      {"mjs", "text/javascript"},
      {"css", "text/css"},
      {"json", "application/json"},
      {"map", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"txt", "text/plain"},
      {"md", "text/markdown"},
      {"xml", "text/xml"},
      {"csv", "text/csv"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"webp", "image/webp"},
      {"avif", "image/avif"},
      {"gif", "image/gif"},
      {"ico", "image/x-icon"},
      {"woff", "font/woff"},
      {"woff2", "font/woff2"},
      {"ttf", "font/ttf"},
      {"otf", "font/otf"},
      {"wasm", "application/wasm"},
      {"pdf", "application/pdf"},
      {"mp4", "video/mp4"},
      {"webm", "video/webm"},
      {"mp3", "audio/mpeg"},
      {"zip", "application/zip"}};
  const std::size_t dot = file_name.rfind('.');
  if (dot != std::string_view::npos) {
    for (const auto& [extension, type] : kTypes) {
      if (EqualsIgnoringCase(file_name.substr(dot + 1), extension)) return type;
    }
  }
  return "application/octet-stream";
}

}  // namespace immich::http
