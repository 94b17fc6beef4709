// Request heads and chunked bodies: no input crashes the parsers, and pieces make no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/http/chunked_decoder.hpp"
#include "platform/http/http_conditions.hpp"
#include "platform/http/http_head.hpp"
#include "platform/http/trusted_proxies.hpp"

namespace {

using immich::http::ChunkedDecoder;
using immich::http::HeadScanner;

struct ScanOutcome {
  HeadScanner::State state;
  std::size_t bytes;
};

ScanOutcome Scan(std::string_view bytes, std::size_t piece_bytes) {
  HeadScanner scanner;
  auto state = HeadScanner::State::kIncomplete;
  for (std::size_t end = 0; state == HeadScanner::State::kIncomplete && end < bytes.size();) {
    end = std::min(bytes.size(), end + piece_bytes);
    state = scanner.Scan(bytes.substr(0, end));
  }
  return {state, state == HeadScanner::State::kComplete ? scanner.head_bytes() : 0};
}

std::string Decode(std::string_view bytes, std::size_t piece_bytes) {
  ChunkedDecoder decoder;
  std::string out;
  while (!bytes.empty() && !decoder.is_done() && !decoder.is_malformed()) {
    const auto step = decoder.Next(bytes.substr(0, piece_bytes));
    out.append(step.data);
    bytes.remove_prefix(step.consumed);
  }
  return out + (decoder.is_done() ? "|done" : decoder.is_malformed() ? "|bad" : "|open");
}

void UseHeaders(const immich::http::RequestHead& head) {
  static const immich::http::TrustedProxies kProxies({"uniquelocal"});
  const immich::http::Validators validators{"\"a\"", immich::TimePoint{}};
  const auto decision = immich::http::DecideRange(head.headers, validators, 1000);
  if (decision.range.first + decision.range.length > 1000) std::abort();
  static_cast<void>(immich::http::IsFresh(head.headers, validators));
  static_cast<void>(immich::http::FailsPrecondition(head.headers, validators));
  static_cast<void>(kProxies.Resolve(boost::asio::ip::make_address("127.0.0.1"), head.headers));
  if (head.chunked && head.content_length) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_bytes = 1 + data[0] % 16;
  const ScanOutcome whole = Scan(bytes, bytes.size() + 1), pieces = Scan(bytes, piece_bytes);
  if (whole.state != pieces.state || whole.bytes != pieces.bytes) std::abort();
  if (Decode(bytes, bytes.size() + 1) != Decode(bytes, piece_bytes)) std::abort();
  if (const auto head = immich::http::ParseRequestHead(bytes)) UseHeaders(*head);
  return 0;
}
