#include "media/image/image_module.hpp"

#include "media/image/rendition_pipeline.hpp"

const immich::media::ImageModule* immich_media_image_module() {
  static constexpr immich::media::ImageModule kModule = {.render_file = immich::media::RenderFile,
                                                         .render_picture = immich::media::RenderPicture,
                                                         .render_face_crop = immich::media::CropFace};
  return &kModule;
}
