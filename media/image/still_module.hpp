#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

inline constexpr const char* kStillModuleName = "immich_media_stills";
inline constexpr const char* kStillModuleEntry = "immich_media_still_module";

/// What `libimmich_media_stills.so` offers: everything that needs libvips, LibRaw, libheif or libjxl.
struct StillModule {
  std::expected<DecodedImage, Failure> (*decode)(const DecodeRequest& request);
};

}  // namespace immich::media

extern "C" const immich::media::StillModule* immich_media_still_module();
