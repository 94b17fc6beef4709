#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "ml/text/added_tokens.hpp"
#include "ml/text/pre_tokenizer.hpp"
#include "ml/text/special_frame.hpp"
#include "ml/text/text_normalizer.hpp"
#include "ml/text/token_model.hpp"

namespace immich::ml {

/// Text to token ids as a tokenizer.json of the Hugging Face format describes it: added tokens are cut out, the rest is
/// normalised, split and given to the model, special tokens go around. Thread-safe.
class Tokenizer {
 public:
  /// From the text of a tokenizer.json. Throws TokenizerError.
  static Tokenizer FromJson(std::string_view json);
  /// The tokenizer of CLIP from vocab.json and merges.txt. Throws TokenizerError.
  static Tokenizer FromClipFiles(std::string_view vocabulary_json, std::string_view merges);
  /// `tokenizer.json` of a folder, else `vocab.json` with `merges.txt`. Throws TokenizerError.
  static Tokenizer FromFolder(const std::filesystem::path& folder);

  /// Ids with the special tokens around. Of a text with more than `max_length` ids the end is left out, special tokens
  /// stay; 0: no limit. Throws TokenizerError for texts no step can handle.
  std::vector<std::int32_t> Encode(std::string_view text, std::size_t max_length = 0) const;
  std::optional<std::int32_t> FindToken(std::string_view token) const;
  /// Tokens of the model, added ones not counted.
  std::size_t vocabulary_size() const { return model_->vocabulary_size(); }

 private:
  Tokenizer() = default;
  /// The first character of the text is still there after normalising: what is stripped leaves a text without a start.
  bool KeepsFirst(std::string_view text) const;
  void EncodePlain(std::string_view text, bool at_start, std::vector<std::int32_t>& ids) const;

  std::unique_ptr<TextNormalizer> normalizer_;
  std::unique_ptr<PreTokenizer> pre_tokenizer_;
  std::unique_ptr<TokenModel> model_;
  AddedTokens added_;
  SpecialFrame frame_;
};

}  // namespace immich::ml
