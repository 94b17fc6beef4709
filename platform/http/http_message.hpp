#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/error/error.hpp"
#include "platform/time/time_point.hpp"

namespace immich::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

std::string_view ToString(Method method);
/// Reason phrase of a status (`Not Found`); `Unknown` for codes without one.
std::string_view ReasonPhrase(int status);

/// Name/value pairs in order; names compare case-insensitively when `Headers`, exactly when `QueryParams`.
class Headers {
 public:
  /// First value of `name`.
  std::optional<std::string_view> Find(std::string_view name) const;
  std::string_view Get(std::string_view name) const { return Find(name).value_or(std::string_view{}); }
  /// Replaces every value of `name`.
  void Set(std::string name, std::string value);
  void Add(std::string name, std::string value);
  void Remove(std::string_view name);
  void Reserve(std::size_t count) { items_.reserve(count); }
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// Percent-decoded query string parameters; a repeated name keeps every value.
class QueryParams {
 public:
  QueryParams() = default;
  /// Parses `a=b&c=d` (`+` is a space); invalid percent sequences are kept as they are.
  static QueryParams Parse(std::string_view query);
  std::optional<std::string_view> Find(std::string_view name) const;
  std::vector<std::string_view> FindAll(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// The body of a request as it arrives. Read() suspends until bytes are there; back-pressure reaches the client.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  /// Next bytes, valid until the next call; empty at the end. Throws BadRequest when the client breaks off or the body
  /// is malformed.
  virtual Task<std::span<const std::uint8_t>> Read() = 0;
  /// Content-Length when the client sent one.
  virtual std::optional<std::uint64_t> length() const = 0;
  /// Whole body; throws PayloadTooLarge beyond `limit_bytes`.
  Task<std::string> ReadAll(std::size_t limit_bytes);
};

struct Request {
  Method method = Method::kGet;
  /// Decoded path without query, e.g. `/api/albums/…`.
  std::string path;
  /// As sent, path and query.
  std::string target;
  QueryParams query;
  Headers headers;
  std::vector<std::pair<std::string, std::string>> cookies;
  /// Address of the client after trusted proxies.
  std::string client_ip;
  /// https as seen by the client (trusted X-Forwarded-Proto).
  bool secure = false;
  /// Host and port as the client wrote them (trusted X-Forwarded-Host, else Host).
  std::string host;
  std::string correlation_id;
  /// Values of the route pattern's `{name}` parts, in order.
  std::vector<std::pair<std::string_view, std::string>> path_params;
  BodyReader* body = nullptr;

  std::optional<std::string_view> FindCookie(std::string_view name) const;
  std::optional<std::string_view> FindPathParam(std::string_view name) const;
};

/// The client closed the connection or stopped reading while its response was sent. Nothing to report: nobody listens.
class ClientGone : public Error {
 public:
  /// As nginx reports it.
  static constexpr int kStatus = 499;
  ClientGone() : Error(kStatus, "The client closed the connection") {}
};

/// Receives a streamed response body; Write suspends while the client is slow and throws ClientGone when it is gone.
/// Every call becomes at least one packet: pass blocks of some KB.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  virtual Task<void> Write(std::string_view bytes) = 0;
};

/// A file sent with sendfile; the connection answers conditional requests and Range and adds
/// `ETag: W/"<size hex>-<mtime ms hex>"`, Last-Modified and Accept-Ranges (a header the handler set stays).
struct FileBody {
  std::string path;
  /// Message of the 404 when the file is missing or unreadable.
  std::string not_found_message = "Not found";
};
/// Chunked body made while it is sent.
using StreamBody = std::function<Task<void>(BodyWriter&)>;

struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, FileBody, StreamBody> body;

  static Response Json(int status, std::string body);
  static Response Text(int status, std::string_view content_type, std::string body);
  static Response Empty(int status);
  /// Location plus the short text body `Found. Redirecting to …`.
  static Response Redirect(int status, std::string location);
  static Response File(std::string path, std::string content_type);
  static Response Stream(std::string content_type, StreamBody body);
};

struct Cookie {
  std::string name, value;
  bool http_only = true;
  bool secure = false;
  /// Session cookie when absent; 0 expires it.
  std::optional<std::int64_t> max_age_s;
};
/// `Set-Cookie` value as the original writes it: Path=/, SameSite=Lax, Expires beside Max-Age. A `max_age_s` of 0 gives
/// the clearing form, which carries nothing but Path and an Expires in 1970.
std::string FormatSetCookie(const Cookie& cookie, TimePoint now);
/// Pairs of a `Cookie` header; values are unquoted and percent-decoded where that gives UTF-8, the first of a name
/// wins.
std::vector<std::pair<std::string, std::string>> ParseCookies(std::string_view header);

}  // namespace immich::http
