// Cookies, query strings and paths: no input crashes the parsers, and what we write reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/http/content_coding.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_router.hpp"
#include "platform/http/url_encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace immich::http;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& [name, value] : ParseCookies(text)) {
    if (name.find(';') != std::string::npos) std::abort();
  }
  static_cast<void>(QueryParams::Parse(text));
  static_cast<void>(NegotiateCoding(text));
  if (PercentDecode(EncodeUriComponent(text)) != text) std::abort();
  if (IsValidUtf8(text)) {
    if (DecodeUriComponent(EncodeUriComponent(text)) != text) std::abort();
    const std::string line =
        FormatSetCookie({.name = "n", .value = std::string(text), .max_age_s = {}}, immich::TimePoint{});
    const auto cookies = ParseCookies(line);
    if (cookies.empty() || cookies[0].second != text) std::abort();
  } else if (!IsValidUtf8(Latin1ToUtf8(text))) {
    std::abort();
  }
  Router router;
  router.On(Method::kGet, "/a/{b}/c", nullptr);
  static_cast<void>(router.Find(Method::kGet, text));
  return 0;
}
