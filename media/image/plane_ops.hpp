#pragma once

#include "media/image/image_geometry.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// Copies the last column and row into the border up to the next multiple of 16, where block encoders read.
void PadPlane(Plane& plane);

/// The part `rect` of `source` (stored coordinates, inside it), turned upright.
Plane CropAndOrient(const Plane& source, ImageRect rect, Orientation orientation);

/// All planes of a picture through CropAndOrient; returns `image` itself when there is nothing to do.
PlanarImage CropAndOrient(PlanarImage image, ImageRect rect, Orientation orientation);

/// Half the size (rounded up) by averaging 2×2 samples; an odd edge is averaged with itself.
Plane HalvePlane(const Plane& source);

/// True when any sample of an alpha plane is below 255.
bool HasTransparency(const Plane& alpha);

/// Premultiplies the colour over black, for formats without alpha, and drops the alpha plane.
void FlattenOnBlack(PlanarImage& image);

}  // namespace immich::media
