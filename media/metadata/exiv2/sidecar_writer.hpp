#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>

#include "media/failure.hpp"
#include "media/metadata/sidecar_changes.hpp"

namespace immich::media {

/// An XMP packet with `changes` applied to `existing` (empty for a new one); all other properties are kept, in UTF-8.
/// Fails with kCorrupt when `existing` is no XMP: nothing is thrown away silently.
std::expected<std::string, Failure> UpdateSidecarPacket(std::span<const uint8_t> existing,
                                                        const SidecarChanges& changes);

}  // namespace immich::media
