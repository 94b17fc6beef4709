#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/crypto/text_encoding.hpp"

namespace immich::search {

/// SHA-1 as clients write it: base64 when 28 characters long, else hex; nullopt for anything else.
inline std::optional<std::vector<std::uint8_t>> ParseChecksumText(std::string_view text) {
  constexpr std::size_t kBase64Length = 28;
  constexpr std::size_t kDigestBytes = 20;
  auto bytes = text.size() == kBase64Length ? crypto::FromBase64(text) : crypto::FromHex(text);
  return bytes && bytes->size() == kDigestBytes ? std::move(bytes) : std::nullopt;
}

}  // namespace immich::search
