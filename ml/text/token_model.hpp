#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immich::ml {

/// Turns a piece of text into ids. Thread-safe.
class TokenModel {
 public:
  virtual ~TokenModel() = default;
  virtual void Encode(std::string_view piece, std::vector<std::int32_t>& ids) const = 0;
  virtual std::optional<std::int32_t> FindToken(std::string_view token) const = 0;
  virtual std::size_t vocabulary_size() const = 0;
};

/// Makes what the member `model` of a tokenizer.json describes: BPE, Unigram, WordPiece or WordLevel. Throws
/// TokenizerError.
std::unique_ptr<TokenModel> MakeTokenModel(const boost::json::value& description);

/// The token of a byte for models with byte fallback: `<0x0A>`.
std::string ByteToken(std::uint8_t byte);

/// Fills `vocabulary` from `{"token": id}`. Throws TokenizerError for ids outside 0..2^31-1.
class TokenVocabulary;
void ReadVocabulary(const boost::json::value& tokens, TokenVocabulary& vocabulary);

}  // namespace immich::ml
