#pragma once

#include <array>

#include "media/image/color/color_rule.hpp"

namespace immich::media {

using Matrix3 = std::array<std::array<double, 3>, 3>;

Matrix3 Multiply(const Matrix3& a, const Matrix3& b);
Matrix3 Inverse(const Matrix3& m);

/// x, y of red, green, blue and white.
struct Chromaticities {
  double red_x, red_y, green_x, green_y, blue_x, blue_y, white_x, white_y;
};

/// Chromaticities of an H.273 primaries number; BT.709 for unknown ones.
Chromaticities ChromaticitiesOf(int primaries);
Chromaticities ChromaticitiesOf(ColorProfile profile);

/// Linear RGB to CIE XYZ.
Matrix3 RgbToXyz(const Chromaticities& space);

/// Linear RGB of one space to linear RGB of the other (all spaces here have the white point D65).
Matrix3 RgbToRgb(const Chromaticities& from, const Chromaticities& to);

/// Luma weights of red and blue for an H.273 matrix number; BT.601 for unknown ones.
struct LumaWeights {
  double red, blue;
};
LumaWeights LumaWeightsOf(int matrix);

}  // namespace immich::media
