#pragma once

#include <utility>

#include "ml/text/token_model.hpp"
#include "ml/text/token_vocabulary.hpp"

namespace immich::ml {

/// The likeliest way to cut a piece into tokens (SentencePiece's unigram language model).
class UnigramModel final : public TokenModel {
 public:
  /// `tokens` with their log probabilities; the position is the id. Throws TokenizerError when `unknown` is outside.
  UnigramModel(const std::vector<std::pair<std::string, double>>& tokens, std::optional<std::size_t> unknown,
               bool byte_fallback);

  void Encode(std::string_view piece, std::vector<std::int32_t>& ids) const override;
  std::optional<std::int32_t> FindToken(std::string_view token) const override { return vocabulary_.Find(token); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }

 private:
  static constexpr std::int32_t kUnknownId = -1;
  static constexpr std::size_t kUnreached = static_cast<std::size_t>(-1);
  struct Node {
    double score = 0;
    std::size_t begin = kUnreached;
    std::int32_t id = 0;
  };
  /// The best token that ends at every byte, kUnknownId where no token does.
  std::vector<Node> BestPaths(std::string_view piece) const;
  /// Calls `found(length, id)` for every token that `text` begins with.
  template <class Found>
  void ForEachPrefix(std::string_view text, Found found) const;
  void AppendUnknown(std::string_view part, std::vector<std::int32_t>& ids) const;

  TokenVocabulary vocabulary_;
  std::vector<double> scores_;
  /// Ids in the order of their texts: a common prefix is a range, shortest token first.
  std::vector<std::uint32_t> sorted_;
  std::optional<std::int32_t> unknown_;
  double unknown_score_ = 0;
  bool byte_fallback_ = false;
};

}  // namespace immich::ml
