#include "ml/text/precompiled_charsmap.hpp"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <cstring>
#include <memory>

#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

// Bits of a unit of the double array.
bool HasLeaf(std::uint32_t unit) {
  return ((unit >> 8) & 1) != 0;
}
std::uint32_t LeafValue(std::uint32_t unit) {
  return unit & 0x7FFF'FFFF;
}
std::uint32_t LabelOf(std::uint32_t unit) {
  return unit & 0x8000'00FF;
}
std::uint32_t OffsetOf(std::uint32_t unit) {
  return (unit >> 10) << ((unit & 0x200) >> 6);
}

struct CloseBreaks {
  void operator()(UBreakIterator* breaks) const { ubrk_close(breaks); }
};
struct CloseText {
  void operator()(UText* text) const { utext_close(text); }
};

/// Clusters of this many bytes and more are looked up character by character.
constexpr std::size_t kLongCluster = 6;

}  // namespace

PrecompiledCharsmap::PrecompiledCharsmap(std::string_view blob) {
  std::uint32_t array_bytes = 0;
  if (blob.size() < sizeof(array_bytes)) throw TokenizerError("the character map is too short");
  std::memcpy(&array_bytes, blob.data(), sizeof(array_bytes));
  blob.remove_prefix(sizeof(array_bytes));
  if (array_bytes % 4 != 0 || array_bytes > blob.size()) throw TokenizerError("the character map is cut off");
  units_.resize(array_bytes / 4);
  if (!units_.empty()) std::memcpy(units_.data(), blob.data(), array_bytes);
  replacements_ = blob.substr(array_bytes);
}

std::optional<std::string_view> PrecompiledCharsmap::Find(std::string_view piece) const {
  if (units_.empty()) return std::nullopt;
  std::size_t node = OffsetOf(units_[0]);
  for (const char c : piece) {
    const auto label = static_cast<unsigned char>(c);
    if (label == 0) break;
    node ^= label;
    if (node >= units_.size() || LabelOf(units_[node]) != label) return std::nullopt;
    const std::uint32_t unit = units_[node];
    node ^= OffsetOf(unit);
    if (!HasLeaf(unit)) continue;
    if (node >= units_.size()) return std::nullopt;
    const std::size_t begin = LeafValue(units_[node]);
    if (begin >= replacements_.size()) return std::nullopt;
    const std::size_t end = replacements_.find('\0', begin);
    return std::string_view(replacements_).substr(begin, end == std::string::npos ? std::string::npos : end - begin);
  }
  return std::nullopt;
}

void PrecompiledCharsmap::AppendCluster(std::string& out, std::string_view cluster) const {
  if (cluster.size() < kLongCluster) {
    if (const auto replacement = Find(cluster)) {
      out += *replacement;
      return;
    }
  }
  for (std::size_t offset = 0; offset < cluster.size();) {
    const std::size_t begin = offset;
    NextCodePoint(cluster, offset);
    const std::string_view character = cluster.substr(begin, offset - begin);
    out += Find(character).value_or(character);
  }
}

std::string PrecompiledCharsmap::Apply(std::string_view text) const {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UText, CloseText> source(
      utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &status));
  const std::unique_ptr<UBreakIterator, CloseBreaks> breaks(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status));
  if (breaks) ubrk_setUText(breaks.get(), source.get(), &status);
  if (U_FAILURE(status)) throw TokenizerError(std::string("no grapheme clusters: ") + u_errorName(status));
  std::string out;
  out.reserve(text.size());
  int32_t begin = ubrk_first(breaks.get());
  for (int32_t end = ubrk_next(breaks.get()); end != UBRK_DONE; begin = end, end = ubrk_next(breaks.get())) {
    AppendCluster(out, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  }
  return out;
}

}  // namespace immich::ml
