#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

inline constexpr const char* kStillModuleName = "immich_media_stills";
inline constexpr const char* kVipsModuleName = "immich_media_vips";
inline constexpr const char* kDecoderModuleEntry = "immich_media_decoder_module";

/// What both decoder modules offer. `libimmich_media_stills.so` needs libheif, libjxl and LibRaw (5 MB), the other one
/// libvips with everything it loads (45 MB).
struct StillModule {
  std::expected<DecodedImage, Failure> (*decode)(const DecodeRequest& request);
};

}  // namespace immich::media

extern "C" const immich::media::StillModule* immich_media_decoder_module();
