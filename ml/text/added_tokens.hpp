#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ml/text/text_normalizer.hpp"

namespace immich::ml {

/// Tokens that are found in the text itself, before the model sees it: special tokens and additions to a vocabulary.
class AddedTokens {
 public:
  struct Token {
    std::string content;
    std::int32_t id = 0;
    bool single_word = false;
    bool strips_left = false;
    bool strips_right = false;
    /// Looked for in the normalised text (its content normalised too), else in the text as given.
    bool normalized = false;
  };
  /// A part of a text: a found token, or text between tokens.
  struct Part {
    std::string_view text;
    std::optional<std::int32_t> id;
  };

  AddedTokens() = default;
  /// Reads the member `added_tokens` of a tokenizer.json (null: none). `normalizer` may be null. Throws TokenizerError.
  AddedTokens(const boost::json::value& description, const TextNormalizer* normalizer);
  /// Of equal contents the first one counts.
  void Add(Token token);

  std::vector<Part> SplitRaw(std::string_view text) const { return Split(text, raw_); }
  std::vector<Part> SplitNormalized(std::string_view text) const { return Split(text, normalized_); }
  std::optional<std::int32_t> Find(std::string_view content) const;

 private:
  /// By first byte, the longest first.
  struct Table {
    std::vector<std::vector<Token>> by_first_byte = std::vector<std::vector<Token>>(256);
    bool empty = true;
  };
  static const Token* FindAt(std::string_view text, std::size_t offset, const Table& table);
  static std::vector<Part> Split(std::string_view text, const Table& table);
  static void Insert(Table& table, Token token);

  Table raw_;
  Table normalized_;
  /// As given, for Find.
  std::vector<std::pair<std::string, std::int32_t>> contents_;
};

}  // namespace immich::ml
