#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace immich::ml {

/// The printable character that stands for a byte in byte-level vocabularies: itself for visible Latin-1 characters,
/// the code points from U+0100 on for the other 68, in order.
char32_t ByteCharacter(std::uint8_t byte);

/// Every byte of the text as its character.
std::string ToByteCharacters(std::string_view text);

}  // namespace immich::ml
