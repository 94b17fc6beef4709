#include "media/image/color/tone_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "media/image/color/color_matrix.hpp"

namespace immich::media {
namespace {

constexpr int kTransferHlg = 18;
constexpr size_t kTableSize = 4096;
/// Diffuse white of HDR grading (BT.2408) and the peak most material is graded for.
constexpr double kWhiteNits = 203;
constexpr double kPeakNits = 1000;
constexpr double kPqNits = 10'000;

/// SMPTE ST 2084.
double PqToNits(double code) {
  const double p = std::pow(std::max(code, 0.0), 1 / 78.84375);
  return kPqNits * std::pow(std::max(p - 0.8359375, 0.0) / (18.8515625 - 18.6875 * p), 1 / 0.1593017578125);
}

double NitsToPq(double nits) {
  const double p = std::pow(std::clamp(nits / kPqNits, 0.0, 1.0), 0.1593017578125);
  return std::pow((0.8359375 + 18.8515625 * p) / (1 + 18.6875 * p), 78.84375);
}

/// Inverse of the HLG transfer function of BT.2100.
double HlgToScene(double code) {
  constexpr double kA = 0.17883277;
  constexpr double kB = 0.28466892;
  constexpr double kC = 0.55991073;
  return code <= 0.5 ? code * code / 3 : (std::exp((code - kC) / kA) + kB) / 12;
}

double LightToSrgb(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

/// The knee of BT.2390: `code` and the result are PQ code values.
double CompressHighlights(double code) {
  const double source_peak = NitsToPq(kPeakNits);
  const double limit = NitsToPq(kWhiteNits) / source_peak;
  const double knee = 1.5 * limit - 0.5;
  const double e = std::min(code / source_peak, 1.0);
  if (e < knee) return e * source_peak;
  const double t = (e - knee) / (1 - knee);
  const double t2 = t * t;
  const double t3 = t2 * t;
  const double p = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (-2 * t3 + 3 * t2) * limit;
  return p * source_peak;
}

size_t TableIndex(float value) {
  return static_cast<size_t>(std::clamp(value, 0.0F, 1.0F) * (kTableSize - 1) + 0.5F);
}

/// Square roots spread the dark end over more of the table.
size_t LightIndex(float light) {
  return TableIndex(std::sqrt(std::max(light, 0.0F)));
}

}  // namespace

ToneMap::ToneMap(const YccEncoding& encoding, ColorProfile target) : is_hlg_(encoding.transfer == kTransferHlg) {
  if (!encoding.is_hdr()) return;
  const Chromaticities source = ChromaticitiesOf(encoding.primaries);
  const Matrix3 matrix = RgbToRgb(source, ChromaticitiesOf(target));
  const Matrix3 xyz = RgbToXyz(source);
  light_.resize(kTableSize);
  gain_.resize(kTableSize);
  code_.resize(kTableSize);
  for (size_t i = 0; i < 3; ++i) {
    luminance_[i] = static_cast<float>(xyz[1][i]);
    for (size_t j = 0; j < 3; ++j) to_target_[i][j] = static_cast<float>(matrix[i][j]);
  }
  for (size_t i = 0; i < kTableSize; ++i) {
    const double at = static_cast<double>(i) / (kTableSize - 1);
    light_[i] = static_cast<float>(is_hlg_ ? HlgToScene(at) : PqToNits(at));
    const double nits = PqToNits(at);
    gain_[i] = static_cast<float>(nits > 0 ? PqToNits(CompressHighlights(at)) / nits : 1);
    code_[i] = static_cast<float>(LightToSrgb(at * at));
  }
}

std::array<float, 3> ToneMap::ToSdr(const std::array<float, 3>& code) const {
  std::array<float, 3> nits{};
  for (size_t i = 0; i < 3; ++i) nits[i] = light_[TableIndex(code[i])];
  if (is_hlg_) {
    // The system gamma 1.2 of a 1000 cd/m² display.
    const float scene = luminance_[0] * nits[0] + luminance_[1] * nits[1] + luminance_[2] * nits[2];
    const float gain = static_cast<float>(kPeakNits) * std::pow(std::max(scene, 1e-6F), 0.2F);
    for (float& value : nits) value *= gain;
  }
  // With PQ the code of the brightest channel is at hand.
  const float brightest = is_hlg_ ? static_cast<float>(NitsToPq(std::max({nits[0], nits[1], nits[2]})))
                                  : std::max({code[0], code[1], code[2]});
  const float gain = gain_[TableIndex(brightest)] / static_cast<float>(kWhiteNits);
  std::array<float, 3> out{};
  for (size_t i = 0; i < 3; ++i) {
    const float light = to_target_[i][0] * nits[0] + to_target_[i][1] * nits[1] + to_target_[i][2] * nits[2];
    out[i] = code_[LightIndex(light * gain)];
  }
  return out;
}

}  // namespace immich::media
