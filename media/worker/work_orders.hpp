#pragma once

#include <string>
#include <string_view>

#include "media/worker/media_protocol.hpp"

// What a decoder child can do. Blocking; files are written under the names the order gives and are on the disk when the
// report is returned. Nothing is renamed or removed here: a name the order did not give is never touched.
namespace immich::media {

std::expected<ThumbnailReport, Failure> CarryOut(const ThumbnailOrder& order);
std::expected<MetadataReport, Failure> CarryOut(const MetadataOrder& order);
std::expected<EmbeddedVideoReport, Failure> CarryOut(const EmbeddedVideoOrder& order);
std::expected<SidecarReport, Failure> CarryOut(const SidecarOrder& order);
std::expected<FaceCropReport, Failure> CarryOut(const FaceCropOrder& order);

/// Decodes a message, carries the order out and encodes the reply. Exceptions become failures.
std::string Answer(std::string_view message);

}  // namespace immich::media
