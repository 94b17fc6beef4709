#include "platform/http/http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

constexpr std::size_t kMaxLeadingEmptyLineBytes = 8;

constexpr HeadError kBadRequest{400, "Bad Request"};

constexpr std::array<bool, 256> MakeTokenTable() {
  std::array<bool, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenCharacters = MakeTokenTable();

bool IsToken(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; });
}

/// Visible characters, blanks and bytes above ASCII (RFC 9110, 5.5).
bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7F : c == '\t';
  });
}

bool IsTarget(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F;
  });
}

Method MethodOf(std::string_view text) {
  static constexpr Method kKnown[] = {Method::kGet,   Method::kHead,   Method::kPost,   Method::kPut,
                                      Method::kPatch, Method::kDelete, Method::kOptions};
  for (const Method method : kKnown) {
    if (ToString(method) == text) return method;
  }
  return Method::kOther;
}

/// Takes the text up to the next CRLF off `rest`; HeadScanner made sure that there is one.
std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = std::min(rest.find("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 2, rest.size()));
  return line;
}

std::optional<HeadError> ParseRequestLine(std::string_view line, RequestHead& head) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) return kBadRequest;
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (!IsToken(method) || !IsTarget(target)) return kBadRequest;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.minor_version = version.back() - '0';
  } else if (version.starts_with("HTTP/")) {
    return HeadError{505, "HTTP Version Not Supported"};
  } else {
    return kBadRequest;
  }
  head.method = MethodOf(method);
  head.target = target;
  return std::nullopt;
}

std::optional<HeadError> ParseFieldLine(std::string_view line, RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return kBadRequest;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = TrimBlanks(line.substr(colon + 1));
  if (!IsToken(name) || !IsFieldValue(value)) return kBadRequest;
  head.headers.Add(std::string(name), std::string(value));
  return std::nullopt;
}

std::optional<std::uint64_t> ParseLength(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool is_complete = error == std::errc{} && end == text.data() + text.size();
  if (text.empty() || !is_complete || length > INT64_MAX) return std::nullopt;
  return length;
}

/// The fields that decide where the request ends and what happens to the connection.
std::optional<HeadError> ReadFraming(RequestHead& head) {
  int hosts = 0, transfer_encodings = 0;
  head.keep_alive = head.minor_version == 1;
  for (const auto& [name, value] : head.headers.items()) {
    if (EqualsIgnoringCase(name, "content-length")) {
      if (head.content_length) return kBadRequest;
      head.content_length = ParseLength(value);
      if (!head.content_length) return kBadRequest;
    } else if (EqualsIgnoringCase(name, "transfer-encoding")) {
      if (!EqualsIgnoringCase(value, "chunked")) return kBadRequest;
      ++transfer_encodings;
    } else if (EqualsIgnoringCase(name, "host")) {
      ++hosts;
    } else if (EqualsIgnoringCase(name, "connection")) {
      if (ListHasToken(value, "close")) head.keep_alive = false;
      if (head.minor_version == 0 && ListHasToken(value, "keep-alive")) head.keep_alive = true;
    } else if (EqualsIgnoringCase(name, "expect")) {
      if (!EqualsIgnoringCase(value, "100-continue")) return HeadError{417, "Expectation Failed"};
      head.expects_continue = head.minor_version == 1;
    }
  }
  head.chunked = transfer_encodings == 1;
  const bool is_ambiguous =
      transfer_encodings > 1 || (head.chunked && (head.content_length || head.minor_version == 0));
  if (is_ambiguous || hosts > 1 || (hosts == 0 && head.minor_version == 1)) return kBadRequest;
  return std::nullopt;
}

}  // namespace

HeadScanner::State HeadScanner::Scan(std::string_view bytes) {
  // TLS or another protocol: say so at once instead of waiting for a line end that never comes.
  if (!bytes.empty() && !kTokenCharacters[static_cast<unsigned char>(bytes[0])] && bytes[0] != '\r') {
    return State::kMalformed;
  }
  while (scanned_ < bytes.size()) {
    const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      break;
    }
    const std::size_t line_end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    scanned_ = line_end + 1;
    if (line_end == line_begin_ || bytes[line_end - 1] != '\r') return State::kMalformed;
    const bool is_empty_line = line_end == line_begin_ + 1;
    line_begin_ = scanned_;
    if (!is_empty_line) continue;
    if (line_end > skipped_ + 1) return State::kComplete;
    skipped_ = scanned_;
    if (skipped_ > kMaxLeadingEmptyLineBytes) return State::kMalformed;
  }
  return State::kIncomplete;
}

std::expected<RequestHead, HeadError> ParseRequestHead(std::string_view head) {
  RequestHead result;
  std::string_view rest = head;
  const std::string_view request_line = TakeLine(rest);
  if (const auto error = ParseRequestLine(request_line, result)) return std::unexpected(*error);
  result.headers.Reserve(16);
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    if (line.empty()) break;
    if (const auto error = ParseFieldLine(line, result)) return std::unexpected(*error);
  }
  if (const auto error = ReadFraming(result)) return std::unexpected(*error);
  return result;
}

bool ListHasToken(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    if (EqualsIgnoringCase(TrimBlanks(value.substr(0, end)), token)) return true;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return false;
}

}  // namespace immich::http
