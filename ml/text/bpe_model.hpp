#pragma once

#include <string>
#include <utility>

#include "ml/text/token_model.hpp"
#include "ml/text/token_vocabulary.hpp"

namespace immich::ml {

/// Byte pair encoding: symbols of a piece are merged by rank until no known pair is left.
class BpeModel final : public TokenModel {
 public:
  struct Settings {
    std::optional<std::string> unknown_token;
    std::string continuing_prefix;
    std::string word_suffix;
    bool fuse_unknown = false;
    bool byte_fallback = false;
    /// A piece that is a token stays whole.
    bool ignore_merges = false;
  };
  /// `merges` in order of rank. Throws TokenizerError when a merge names what is no token.
  BpeModel(Settings settings, TokenVocabulary vocabulary,
           const std::vector<std::pair<std::string, std::string>>& merges);

  void Encode(std::string_view piece, std::vector<std::int32_t>& ids) const override;
  std::optional<std::int32_t> FindToken(std::string_view token) const override { return vocabulary_.Find(token); }
  std::size_t vocabulary_size() const override { return vocabulary_.size(); }

 private:
  struct Merge {
    std::uint64_t pair;
    std::uint32_t rank;
    std::int32_t result;
  };
  const Merge* FindMerge(std::int32_t left, std::int32_t right) const;
  std::vector<std::int32_t> Symbols(std::string_view piece) const;
  bool AppendBytes(std::string_view character, std::vector<std::int32_t>& symbols) const;
  void MergeSymbols(std::vector<std::int32_t>& symbols) const;

  Settings settings_;
  TokenVocabulary vocabulary_;
  std::optional<std::int32_t> unknown_;
  /// Ordered by pair.
  std::vector<Merge> merges_;
};

}  // namespace immich::ml
