#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What tokenizers ask of Unicode, on ICU. All texts are UTF-8; a malformed byte counts as U+FFFD.
namespace immich::ml {

/// Reads the code point at `offset` and moves behind it. `offset` must be inside the text.
char32_t NextCodePoint(std::string_view text, std::size_t& offset);
std::u32string ToCodePoints(std::string_view text);
void AppendUtf8(std::string& out, char32_t code_point);
std::string ToUtf8(std::u32string_view text);

/// Property White_Space.
bool IsWhiteSpace(char32_t code_point);
/// ASCII punctuation and symbols, and the general categories P*.
bool IsPunctuation(char32_t code_point);
/// General categories C* (control, format, unassigned, private, surrogate).
bool IsOther(char32_t code_point);
/// General categories M*, and Mn alone.
bool IsMark(char32_t code_point);
bool IsNonSpacingMark(char32_t code_point);
/// General categories N*.
bool IsNumeric(char32_t code_point);
/// The CJK blocks that BERT sets apart.
bool IsBertIdeograph(char32_t code_point);
/// What a word character is to `\w`: letters, marks, digits, connectors.
bool IsWordCharacter(char32_t code_point);

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };
std::string ToNormalForm(std::string_view text, NormalForm form);
/// Character by character, without the context rules of the final sigma.
std::string ToLowercase(std::string_view text);

/// Without white space at the ends.
std::string_view TrimWhiteSpace(std::string_view text, bool left = true, bool right = true);

}  // namespace immich::ml
