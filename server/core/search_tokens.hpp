#pragma once

#include <string>
#include <string_view>

namespace immich {

/// The form in which text found in pictures is stored and looked for: words separated by one space, and scripts
/// written without spaces (Chinese, Japanese, Korean) as overlapping pairs of characters, so that trigrams find parts
/// of them. Text that is not UTF-8 loses what is not.
std::string ToSearchTokens(std::string_view text);

}  // namespace immich
