#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace immich::ml {

/// A step that rewrites text before it is split. Thread-safe.
class TextNormalizer {
 public:
  virtual ~TextNormalizer() = default;
  virtual std::string Apply(std::string_view text) const = 0;
};

/// Makes what the member `normalizer` of a tokenizer.json describes; null JSON gives null. Throws TokenizerError for
/// unknown types and broken descriptions.
std::unique_ptr<TextNormalizer> MakeNormalizer(const boost::json::value& description);

}  // namespace immich::ml
