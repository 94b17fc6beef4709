#include "server/core/search_tokens.hpp"

#include <cstdint>
#include <vector>

namespace immich {

namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::string_view bytes;
};

/// The next character of `text`, which is not empty; no bytes for one that is malformed, which is skipped.
CodePoint TakeCodePoint(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xe ? 3 : lead >> 3 == 0x1e ? 4 : 0;
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return {};
  }
  std::uint32_t value = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 0x2) {
      text.remove_prefix(1);
      return {};
    }
    value = value << 6 | (next & 0x3fU);
  }
  const CodePoint point{value, text.substr(0, length)};
  text.remove_prefix(length);
  return point;
}

bool IsSpace(std::uint32_t c) {
  return c <= 0x20 || c == 0x7f || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200b);
}

bool IsWithoutSpaces(std::uint32_t c) {
  return (c >= 0x3040 && c <= 0x30ff) ||  // Hiragana, Katakana
         (c >= 0x3400 && c <= 0x4dbf) ||  // CJK extension A
         (c >= 0x4e00 && c <= 0x9fff) ||  // CJK
         (c >= 0xac00 && c <= 0xd7af) ||  // Hangul
         (c >= 0xf900 && c <= 0xfaff) ||  // compatibility ideographs
         (c >= 0x20000 && c <= 0x3134f);  // further extensions
}

void AppendToken(std::string& out, std::string_view token) {
  if (token.empty()) return;
  if (!out.empty()) out += ' ';
  out += token;
}

void AppendPairs(std::string& out, std::vector<std::string_view>& run) {
  if (run.size() == 1) AppendToken(out, run[0]);
  for (std::size_t i = 1; i < run.size(); ++i) AppendToken(out, std::string(run[i - 1]) + std::string(run[i]));
  run.clear();
}

}  // namespace

std::string ToSearchTokens(std::string_view text) {
  std::string out;
  std::string word;
  std::vector<std::string_view> run;
  while (!text.empty()) {
    const CodePoint point = TakeCodePoint(text);
    if (point.bytes.empty()) continue;
    if (IsWithoutSpaces(point.value)) {
      AppendToken(out, word);
      word.clear();
      run.push_back(point.bytes);
      continue;
    }
    AppendPairs(out, run);
    if (!IsSpace(point.value)) {
      word += point.bytes;
      continue;
    }
    AppendToken(out, word);
    word.clear();
  }
  AppendPairs(out, run);
  AppendToken(out, word);
  return out;
}

}  // namespace immich
