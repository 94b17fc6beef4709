#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace immich::crypto {

/// The bytes of a text, without copying.
inline std::span<const std::uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Lower-case hexadecimal.
std::string ToHex(std::span<const std::uint8_t> bytes);
void AppendHex(std::string& out, std::span<const std::uint8_t> bytes);
/// Either case; nullopt for an odd length or any other character.
std::optional<std::vector<std::uint8_t>> FromHex(std::string_view text);

/// RFC 4648 base64 with padding.
std::string ToBase64(std::span<const std::uint8_t> bytes);
void AppendBase64(std::string& out, std::span<const std::uint8_t> bytes);
/// Only what ToBase64 writes: padding present, no white space, unused bits zero.
std::optional<std::vector<std::uint8_t>> FromBase64(std::string_view text);

/// RFC 4648 base64url without padding.
std::string ToBase64Url(std::span<const std::uint8_t> bytes);
/// Only what ToBase64Url writes.
std::optional<std::vector<std::uint8_t>> FromBase64Url(std::string_view text);

/// RFC 3986: everything but letters, digits and `-._~` becomes `%XX`.
std::string PercentEncode(std::string_view text);

/// `text` for the content of an HTML element or a value in double quotes: & < > " become entities.
std::string EscapeHtml(std::string_view text);

}  // namespace immich::crypto
