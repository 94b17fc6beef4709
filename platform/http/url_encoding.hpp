#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace immich::http {

/// Value of a hexadecimal digit, -1 for other characters.
int HexDigitValue(char c);
/// Decodes `%XX`; sequences that are not two hex digits are kept as they are.
std::string PercentDecode(std::string_view text);
/// Escapes everything but `A-Z a-z 0-9 - _ . ! ~ * ' ( )`, as JavaScript's encodeURIComponent.
std::string EncodeUriComponent(std::string_view text);
/// As JavaScript's decodeURIComponent: nullopt for a broken sequence or a result that is not UTF-8.
std::optional<std::string> DecodeUriComponent(std::string_view text);

/// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool IsValidUtf8(std::string_view text);
/// Every byte is one character U+0000..U+00FF.
std::string Latin1ToUtf8(std::string_view bytes);

/// Compares ASCII letters without case.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
/// Without leading and trailing spaces and tabs.
std::string_view TrimBlanks(std::string_view text);
/// Lower-cases ASCII letters.
std::string ToLowerAscii(std::string_view text);

}  // namespace immich::http
