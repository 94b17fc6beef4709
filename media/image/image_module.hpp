#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/image_renderer.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

inline constexpr const char* kImageModuleName = "immich_media_image";
inline constexpr const char* kImageModuleEntry = "immich_media_image_module";

/// What `libimmich_media_image.so` offers: the JPEG path and all encoders.
struct ImageModule {
  std::expected<RenderResult, Failure> (*render_file)(const RenderRequest& request);
  std::expected<RenderResult, Failure> (*render_picture)(PlanarImage picture, const RenderRequest& request);
  std::expected<Rendition, Failure> (*render_face_crop)(const FaceCropRequest& request);
};

}  // namespace immich::media

extern "C" const immich::media::ImageModule* immich_media_image_module();
