#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/http_message.hpp"

namespace immich::http {

/// Finds the end of a request head in bytes that arrive in pieces, looking at every byte once.
class HeadScanner {
 public:
  enum class State { kIncomplete, kComplete, kMalformed };

  /// `bytes`: everything received since the last head, of which earlier calls saw a prefix.
  State Scan(std::string_view bytes);
  /// Length of the head with its final empty line; valid when kComplete.
  std::size_t head_bytes() const { return scanned_; }
  /// Empty lines before the request line (RFC 9112, 2.2), part of head_bytes().
  std::size_t skipped_bytes() const { return skipped_; }

 private:
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t skipped_ = 0;
};

struct RequestHead {
  Method method = Method::kGet;
  std::string target;
  Headers headers;
  /// 0 for HTTP/1.0, 1 for HTTP/1.1.
  int minor_version = 1;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Why a head is refused; the connection is closed after the answer.
struct HeadError {
  int status;
  std::string_view reason;
};

/// Parses a head as HeadScanner delimits it, strictly: what two parsers could read differently (Content-Length beside
/// Transfer-Encoding, repeated Content-Length, folded lines, bare LF, blanks before the colon) is refused with 400.
std::expected<RequestHead, HeadError> ParseRequestHead(std::string_view head);

/// True when the comma-separated list `value` holds `token` (compared without case).
bool ListHasToken(std::string_view value, std::string_view token);

}  // namespace immich::http
