#pragma once

#include <string>
#include <vector>

#include "server/core/ml_client.hpp"
#include "server/people/person_store.hpp"

namespace immich::people {

/// A face that a picture is known to show.
struct KnownFace {
  FaceId id;
  /// Found by machine learning, not by hand or in the file's metadata.
  bool is_found = true;
  PixelBox box;
  int image_width = 0, image_height = 0;
};

/// What a new look at a picture means for its faces.
struct FaceMatch {
  /// Indexes of detections that nobody knew.
  std::vector<std::size_t> added;
  /// Faces marked by hand or metadata, with the detection that is the same one: it lends them its vector.
  std::vector<std::pair<FaceId, std::size_t>> confirmed;
  /// Found earlier, not there any more.
  std::vector<FaceId> lost;
};

/// Intersection over union of two boxes.
double Overlap(const PixelBox& a, const PixelBox& b);

/// The same face is one whose boxes, brought to the same size of picture, overlap by more than half.
FaceMatch MatchFaces(const std::vector<KnownFace>& known, const FaceReading& reading);

}  // namespace immich::people
