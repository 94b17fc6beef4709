#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct URegularExpression;

namespace immich::ml {

/// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const TextRange&) const = default;
};

/// A literal or a regular expression, as tokenizer files write them. Thread-safe.
class TextPattern {
 public:
  static TextPattern Literal(std::string text);
  /// The dialect is Oniguruma's; `\s` means property White_Space. Throws TokenizerError when it cannot be compiled.
  static TextPattern Regex(std::string_view expression);

  /// All matches that are not empty, in order, without overlap. Throws TokenizerError when matching needs too much.
  std::vector<TextRange> FindAll(std::string_view text) const;

 private:
  std::string literal_;
  std::shared_ptr<URegularExpression> regex_;
};

}  // namespace immich::ml
