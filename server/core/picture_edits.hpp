#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// A place in a picture: fractions of its width and height.
struct PicturePoint {
  double x = 0, y = 0;
};

/// How a point of the unedited, upright picture is found in the edited one and back. Crop comes first (facts: assets,
/// "Edits"); without edits points stay where they are.
class PictureEdits {
 public:
  PictureEdits() = default;
  /// {action, parameters as JSON} in their order, over a picture of the given size in pixels; throws BadRequest for
  /// unknown ones.
  PictureEdits(const std::vector<std::pair<std::string, std::string>>& edits, int width, int height);

  bool empty() const { return steps_.empty() && !crop_; }
  PicturePoint ToEdited(PicturePoint point) const;
  PicturePoint ToOriginal(PicturePoint point) const;
  /// What a size of the unedited picture is after the edits.
  std::pair<double, double> EditedSize(double width, double height) const;
  /// True when the point is in what the crop left.
  bool Shows(PicturePoint point) const;

 private:
  struct Crop {
    double x = 0, y = 0, width = 1, height = 1;
  };
  /// Quarter turns clockwise, or a mirror.
  enum class Step { kQuarterTurn, kMirrorHorizontal, kMirrorVertical };

  std::optional<Crop> crop_;
  std::vector<Step> steps_;
};

/// The edits of an asset.
Task<PictureEdits> LoadPictureEdits(pg::Db& db, AssetId asset);

}  // namespace immich
