#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace immich::media {

/// Blocking. Writes a new file (replacing a leftover of the same name), makes its content durable; the folder is made
/// when needed. Throws as platform/fs does.
void WriteSynced(const std::string& path, std::span<const std::uint8_t> bytes);

}  // namespace immich::media
