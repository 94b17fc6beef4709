#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <vector>

namespace immich::ml {

/// A part of the text that the model turns into tokens on its own.
struct TextPiece {
  std::string text;
  /// Nothing of the original text is in front of it.
  bool at_start = false;
};

/// A step that splits pieces. Thread-safe.
class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  virtual std::vector<TextPiece> Split(std::vector<TextPiece> pieces) const = 0;
};

/// Makes what the member `pre_tokenizer` of a tokenizer.json describes; null JSON gives null. Throws TokenizerError for
/// unknown types and broken descriptions.
std::unique_ptr<PreTokenizer> MakePreTokenizer(const boost::json::value& description);

}  // namespace immich::ml
