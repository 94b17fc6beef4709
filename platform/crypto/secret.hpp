#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace immich::crypto {

/// From the kernel's generator.
void FillRandom(std::span<std::uint8_t> out);
std::vector<std::uint8_t> RandomBytes(std::size_t size);

/// Session tokens and API keys: 32 random bytes in base64 without `+`, `/` and `=`, so 37 to 43 letters and digits
/// nearly always. Only the SHA-256 of its text is stored.
std::string MakeToken();

/// Compares without revealing by its duration where the texts differ; their lengths are not secret.
bool EqualsInConstantTime(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);
bool EqualsInConstantTime(std::string_view a, std::string_view b);

}  // namespace immich::crypto
