#include <algorithm>
#include <cmath>

#include "media/image/image_renderer.hpp"

namespace immich::media {

ImageRect FaceSquare(ImageRect box, ImageSize box_space, ImageSize decoded) {
  constexpr double kMargin = 1.1;
  const ImageSize space = box_space.width > 0 && box_space.height > 0 ? box_space : decoded;
  const auto clamp_to = [](int64_t value, int limit) {
    return static_cast<double>(std::clamp<int64_t>(value, 0, limit));
  };
  const double scale_x = static_cast<double>(decoded.width) / space.width;
  const double scale_y = static_cast<double>(decoded.height) / space.height;
  const double left = clamp_to(box.x, space.width);
  const double top = clamp_to(box.y, space.height);
  const double half_width = scale_x * (clamp_to(static_cast<int64_t>(box.x) + box.width, space.width) - left) / 2;
  const double half_height = scale_y * (clamp_to(static_cast<int64_t>(box.y) + box.height, space.height) - top) / 2;
  const int middle_x = static_cast<int>(std::floor(scale_x * left + half_width + 0.5));
  const int middle_y = static_cast<int>(std::floor(scale_y * top + half_height + 0.5));
  const int target = static_cast<int>(std::floor(std::max(half_width, half_height) * kMargin));
  const int half = std::min({target, middle_x, middle_y, decoded.width - 1 - middle_x, decoded.height - 1 - middle_y});
  if (half < 1) {
    return {std::clamp(middle_x, 0, decoded.width - 1), std::clamp(middle_y, 0, decoded.height - 1), 1, 1};
  }
  return {middle_x - half, middle_y - half, 2 * half, 2 * half};
}

}  // namespace immich::media
