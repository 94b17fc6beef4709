#pragma once

#include <string_view>
#include <vector>

#include "ml/text/text_pattern.hpp"

namespace immich::ml {

/// What becomes of the delimiters when a text is split at them.
enum class DelimiterRule { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };

/// Throws TokenizerError for an unknown name.
DelimiterRule DelimiterRuleOf(std::string_view name);

/// The parts of a text of `length` bytes; none is empty. `matches` (in order, no overlap) are the delimiters, or with
/// `invert` what is between them: then every match is a part of its own.
std::vector<TextRange> SplitAt(std::size_t length, const std::vector<TextRange>& matches, DelimiterRule rule,
                               bool invert = false);

}  // namespace immich::ml
