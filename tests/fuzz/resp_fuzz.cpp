// Replies of Redis: no input crashes the parser, and how the bytes are cut into pieces makes no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "platform/redis/resp_parser.hpp"

namespace {

using immich::redis::Reply;
using immich::redis::RespError;
using immich::redis::RespParser;

struct Outcome {
  std::vector<Reply> replies;
  bool refused = false;
};

Outcome Parse(std::string_view bytes, std::size_t piece_bytes) {
  RespParser parser;
  Outcome outcome;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
      parser.Feed(bytes.substr(at, piece_bytes));
      while (auto reply = parser.Next()) outcome.replies.push_back(std::move(*reply));
    }
  } catch (const RespError&) {
    outcome.refused = true;
  }
  return outcome;
}

bool Same(const Reply& a, const Reply& b) {
  if (a.kind != b.kind || a.text != b.text || a.integer != b.integer || a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!Same(a.items[i], b.items[i])) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = Parse(bytes, bytes.size() + 1);
  const Outcome pieces = Parse(bytes, 1 + data[0] % 16);
  if (whole.refused != pieces.refused || whole.replies.size() != pieces.replies.size()) std::abort();
  for (std::size_t i = 0; i < whole.replies.size(); ++i) {
    if (!Same(whole.replies[i], pieces.replies[i])) std::abort();
  }
  return 0;
}
