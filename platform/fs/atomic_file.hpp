#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace immich::fs {

/// Blocking. After it returns `path` holds exactly `bytes` even after a power failure; when it throws, or the machine
/// stops on the way, `path` is what it was. Throws Unavailable (507) when the disk is full.
void WriteFileAtomically(const std::string& path, std::span<const std::uint8_t> bytes, unsigned mode = 0644);
void WriteFileAtomically(const std::string& path, std::string_view text, unsigned mode = 0644);

/// Blocking. Writes all of `bytes` at `offset`.
void WriteAllAt(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset, const std::string& path);

}  // namespace immich::fs
