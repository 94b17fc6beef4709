#pragma once

#include <array>
#include <vector>

#include "media/image/color/color_rule.hpp"
#include "media/image/color/ycc_encoding.hpp"

namespace immich::media {

/// Maps PQ or HLG colours to SDR. The brightest of the three channels decides how much a colour is dimmed, which keeps
/// its hue. Tables are built for HDR encodings only.
class ToneMap {
 public:
  ToneMap(const YccEncoding& encoding, ColorProfile target);

  /// HDR code values (0..1) to SDR code values with the sRGB curve (0..1).
  std::array<float, 3> ToSdr(const std::array<float, 3>& code) const;

 private:
  std::array<std::array<float, 3>, 3> to_target_{};
  bool is_hlg_ = false;
  std::array<float, 3> luminance_{};  ///< weights of the source primaries
  std::vector<float> light_;          ///< code value -> cd/m² (PQ) or scene light 0..1 (HLG)
  std::vector<float> gain_;           ///< PQ code of the brightest channel -> factor
  std::vector<float> code_;           ///< SDR light -> sRGB code value
};

}  // namespace immich::media
