#include "platform/http/http_message.hpp"

#include <algorithm>

#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string DecodeQueryPart(std::string_view text) {
  if (text.find_first_of("%+") == std::string_view::npos) return std::string(text);
  std::string with_spaces(text);
  std::replace(with_spaces.begin(), with_spaces.end(), '+', ' ');
  return PercentDecode(with_spaces);
}

template <class Items>
std::optional<std::string_view> FindExact(const Items& items, std::string_view name) {
  for (const auto& [key, value] : items) {
    if (key == name) return std::string_view(value);
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      break;
  }
  return "OTHER";
}

std::string_view ReasonPhrase(int status) {
  static constexpr std::pair<int, std::string_view> kPhrases[] = {{100, "Continue"},
                                                                  {101, "Switching Protocols"},
                                                                  {200, "OK"},
                                                                  {201, "Created"},
                                                                  {202, "Accepted"},
                                                                  {204, "No Content"},
                                                                  {206, "Partial Content"},
                                                                  {301, "Moved Permanently"},
                                                                  {302, "Found"},
                                                                  {303, "See Other"},
                                                                  {304, "Not Modified"},
                                                                  {307, "Temporary Redirect"},
                                                                  {308, "Permanent Redirect"},
                                                                  {400, "Bad Request"},
                                                                  {401, "Unauthorized"},
                                                                  {403, "Forbidden"},
                                                                  {404, "Not Found"},
                                                                  {405, "Method Not Allowed"},
                                                                  {406, "Not Acceptable"},
                                                                  {408, "Request Timeout"},
                                                                  {409, "Conflict"},
                                                                  {410, "Gone"},
                                                                  {411, "Length Required"},
                                                                  {412, "Precondition Failed"},
                                                                  {413, "Payload Too Large"},
                                                                  {414, "URI Too Long"},
                                                                  {415, "Unsupported Media Type"},
                                                                  {416, "Range Not Satisfiable"},
                                                                  {417, "Expectation Failed"},
                                                                  {422, "Unprocessable Entity"},
                                                                  {426, "Upgrade Required"},
                                                                  {429, "Too Many Requests"},
                                                                  {431, "Request Header Fields Too Large"},
                                                                  {500, "Internal Server Error"},
                                                                  {501, "Not Implemented"},
                                                                  {502, "Bad Gateway"},
                                                                  {503, "Service Unavailable"},
                                                                  {504, "Gateway Timeout"},
                                                                  {505, "HTTP Version Not Supported"},
                                                                  {507, "Insufficient Storage"}};
  for (const auto& [code, phrase] : kPhrases) {
    if (code == status) return phrase;
  }
  return "Unknown";
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [key, value] : items_) {
    if (EqualsIgnoringCase(key, name)) return std::string_view(value);
  }
  return std::nullopt;
}

void Headers::Set(std::string name, std::string value) {
  const auto same = [&](const auto& item) { return EqualsIgnoringCase(item.first, name); };
  const auto first = std::find_if(items_.begin(), items_.end(), same);
  if (first == items_.end()) {
    Add(std::move(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  items_.erase(std::remove_if(first + 1, items_.end(), same), items_.end());
}

void Headers::Add(std::string name, std::string value) {
  items_.emplace_back(std::move(name), std::move(value));
}

void Headers::Remove(std::string_view name) {
  std::erase_if(items_, [&](const auto& item) { return EqualsIgnoringCase(item.first, name); });
}

QueryParams QueryParams::Parse(std::string_view query) {
  QueryParams params;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    params.items_.emplace_back(DecodeQueryPart(name), DecodeQueryPart(value));
  }
  return params;
}

std::optional<std::string_view> QueryParams::Find(std::string_view name) const {
  return FindExact(items_, name);
}

std::vector<std::string_view> QueryParams::FindAll(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : items_) {
    if (key == name) values.emplace_back(value);
  }
  return values;
}

Task<std::string> BodyReader::ReadAll(std::size_t limit_bytes) {
  // Compat: every JSON route: the message of the original's body parser.
  constexpr std::string_view kTooLarge = "request entity too large";
  const std::optional<std::uint64_t> announced = length();
  if (announced && *announced > limit_bytes) throw PayloadTooLarge(std::string(kTooLarge));
  std::string body;
  if (announced) body.reserve(*announced);
  for (;;) {
    const std::span<const std::uint8_t> bytes = co_await Read();
    if (bytes.empty()) co_return body;
    if (bytes.size() > limit_bytes - body.size()) throw PayloadTooLarge(std::string(kTooLarge));
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

std::optional<std::string_view> Request::FindCookie(std::string_view name) const {
  return FindExact(cookies, name);
}

std::optional<std::string_view> Request::FindPathParam(std::string_view name) const {
  return FindExact(path_params, name);
}

Response Response::Json(int status, std::string body) {
  return Text(status, "application/json; charset=utf-8", std::move(body));
}

Response Response::Text(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

Response Response::Empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::Redirect(int status, std::string location) {
  Response response;
  response.status = status;
  std::string text(ReasonPhrase(status));
  text += ". Redirecting to " + location;
  response.headers.Add("Location", std::move(location));
  response.headers.Add("Vary", "Accept");
  response.headers.Add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

Response Response::File(std::string path, std::string content_type) {
  Response response;
  response.headers.Add("Content-Type", std::move(content_type));
  FileBody file;
  file.path = std::move(path);
  response.body = std::move(file);
  return response;
}

Response Response::Stream(std::string content_type, StreamBody body) {
  Response response;
  response.headers.Add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

}  // namespace immich::http
