#pragma once

#include <string>
#include <string_view>

namespace immich::crypto {

/// Cost of every password and PIN code hash: 2^10 rounds, about 57 ms of one core. The functions below block that long:
/// call them inside RunBlocking.
inline constexpr int kBcryptCost = 10;

/// `$2b$10$…` (60 characters) with a random salt. As in every bcrypt only the first 72 bytes count.
/// Throws BadRequest when the password holds a NUL byte, where other implementations disagree.
std::string HashPassword(std::string_view password, int cost = kBcryptCost);

/// Accepts `$2a$`, `$2b$` and `$2y$` hashes; false for anything that is not one.
bool VerifyPassword(std::string_view password, std::string_view hash);

/// Hash of a password nobody knows; verified against when the user does not exist, so that the answer takes as long.
const std::string& UnknownUserHash();

}  // namespace immich::crypto
