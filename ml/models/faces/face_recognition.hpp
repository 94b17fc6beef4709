#pragma once

#include <array>
#include <memory>

#include "ml/imaging/image_warp.hpp"
#include "ml/models/model_task.hpp"

namespace immich::ml {

inline constexpr int kFaceCropPx = 112;
/// Where the five landmarks of a face are in the picture ArcFace is trained with (112 × 112).
inline constexpr std::array<Point2, 5> kArcFaceTemplate{
    Point2{38.2946, 51.6963}, {73.5318, 51.5014}, {56.0252, 71.7366}, {41.5493, 92.3655}, {70.7299, 92.2041}};

/// The face turned, scaled and shifted so that its landmarks lie nearest to the template. `landmarks` are in pixels of
/// the whole picture, of which `image` is a copy scaled by `image_scale`.
RgbImage AlignFace(const RgbImage& image, double image_scale, std::span<const Point2, 5> landmarks);

/// ArcFace on the faces of the detection. Result: the list of faces with box, score and embedding.
std::unique_ptr<ModelTask> MakeFaceRecognition(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
