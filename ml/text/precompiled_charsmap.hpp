#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immich::ml {

/// The normalisation table a SentencePiece model carries: a double array (Darts) from byte strings to positions in a
/// block of NUL-terminated replacements. Applied to grapheme clusters of fewer than six bytes, else to characters.
class PrecompiledCharsmap {
 public:
  /// `blob`: 32-bit size of the array in bytes, the array, the replacements; little endian. Throws TokenizerError.
  explicit PrecompiledCharsmap(std::string_view blob);

  std::string Apply(std::string_view text) const;

 private:
  /// The replacement for the shortest prefix of `piece` that has one.
  std::optional<std::string_view> Find(std::string_view piece) const;
  void AppendCluster(std::string& out, std::string_view cluster) const;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
};

}  // namespace immich::ml
