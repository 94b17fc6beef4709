#pragma once

#include <string>

#include "ml/text/token_model.hpp"
#include "ml/text/token_vocabulary.hpp"

namespace immich::ml {

/// The longest token from the left, again and again (BERT). A word that cannot be cut is unknown as a whole. With
/// `whole_words_only` it is the WordLevel model: a piece is a token or unknown.
class WordPieceModel final : public TokenModel {
 public:
  struct Settings {
    std::string unknown_token = "[UNK]";
    std::string continuing_prefix = "##";
    std::size_t max_characters = 100;
    bool whole_words_only = false;
  };
  /// Throws TokenizerError when the unknown token is no token.
  WordPieceModel(Settings settings, TokenVocabulary vocabulary);

  void Encode(std::string_view piece, std::vector<std::int32_t>& ids) const override;
  std::optional<std::int32_t> FindToken(std::string_view token) const override { return vocabulary_.Find(token); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }

 private:
  /// False when a part of the word is no token.
  bool Cut(std::string_view word, std::vector<std::int32_t>& ids) const;

  Settings settings_;
  TokenVocabulary vocabulary_;
  std::int32_t unknown_ = 0;
};

}  // namespace immich::ml
