#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/image_renderer.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// RenderImage, inside the module.
std::expected<RenderResult, Failure> RenderFile(const RenderRequest& request);

/// All renditions of a picture that is already decoded, upright and in `request.profile` (a video still). The source
/// colour and the path of the request are not looked at.
std::expected<RenderResult, Failure> RenderPicture(PlanarImage picture, const RenderRequest& request);

/// RenderFaceCrop, inside the module.
std::expected<Rendition, Failure> CropFace(const FaceCropRequest& request);

}  // namespace immich::media
