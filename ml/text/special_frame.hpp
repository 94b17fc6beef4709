#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace immich::ml {

/// The special tokens around every text.
struct SpecialFrame {
  std::vector<std::int32_t> before;
  std::vector<std::int32_t> after;

  std::size_t size() const { return before.size() + after.size(); }
};

/// Reads the member `post_processor` of a tokenizer.json for single texts (null: no special tokens). `find` gives the
/// id of a token that the description names without one. Throws TokenizerError.
SpecialFrame ReadSpecialFrame(const boost::json::value& description,
                              const std::function<std::optional<std::int32_t>(std::string_view)>& find);

}  // namespace immich::ml
