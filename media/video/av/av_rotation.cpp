#include "media/video/av/av_rotation.hpp"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/display.h>
}

#include <cmath>

namespace immich::media {

int RotationOf(const AVStream* stream) {
  size_t size = 0;
  const uint8_t* data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < 9 * sizeof(int32_t)) return 0;
  const double degrees = av_display_rotation_get(reinterpret_cast<const int32_t*>(data));
  if (!std::isfinite(degrees)) return 0;
  const int rounded = static_cast<int>(std::lround(degrees));
  return rounded == -180 ? 180 : rounded;
}

}  // namespace immich::media
