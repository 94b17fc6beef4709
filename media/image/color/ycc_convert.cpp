#include "media/image/color/ycc_convert.hpp"

#include <array>
#include <cstddef>

// The kernels below are plain loops that the compiler turns into vector code. On x86-64 each is compiled twice, for
// every processor and for those with AVX2 and FMA, and chosen at run time.
#if defined(__x86_64__) && !defined(__AVX2__)
#define IMMICH_HAVE_AVX2_CLONE 1
#endif
#define IMMICH_INLINE inline __attribute__((always_inline))

namespace immich::media {
namespace {

IMMICH_INLINE float Clamp01(float v) {
  v = v > 0.0F ? v : 0.0F;
  return v < 1.0F ? v : 1.0F;
}

IMMICH_INLINE uint8_t RoundToByte(float v) {
  v = v > 0.0F ? v : 0.0F;
  v = v < 255.0F ? v : 255.0F;
  return static_cast<uint8_t>(static_cast<int>(v + 0.5F));
}

IMMICH_INLINE uint8_t ClampToByte(int v) {
  return static_cast<uint8_t>(v < 0 ? 0 : (v > 255 ? 255 : v));
}

/// Square root of the linear light of an sRGB code value in 0..1: a least-squares cubic. LightRootToCode is fitted as
/// its inverse rather than as the sRGB curve, which keeps greys exact through both.
IMMICH_INLINE float CodeToLightRoot(float c) {
  return 0.0261105419F + c * (0.711316037F + c * (0.38098119F - c * 0.11974256F));
}

IMMICH_INLINE float LightRootToCode(float t) {
  return -0.0369540208F +
         t * (1.44552029F + t * (-0.989079126F + t * (1.11439847F + t * (-0.7581946F + t * 0.225748497F))));
}

IMMICH_INLINE float LightToCode(float light) {
  return Clamp01(LightRootToCode(__builtin_elementwise_sqrt(light)));
}

/// One row of each colour plane, sRGB to Display P3. The matrix is the product of the two spaces' XYZ matrices (D65).
IMMICH_INLINE void SrgbToP3Kernel(uint8_t* __restrict luma, uint8_t* __restrict cb, uint8_t* __restrict cr, int count) {
  constexpr float kScale = 1.0F / 255.0F;
  for (int i = 0; i < count; ++i) {
    const float y = static_cast<float>(luma[i]) * kScale;
    const float blue = static_cast<float>(cb[i] - 128) * kScale;
    const float red = static_cast<float>(cr[i] - 128) * kScale;
    const float r_root = CodeToLightRoot(Clamp01(y + 1.402F * red));
    const float g_root = CodeToLightRoot(Clamp01(y - 0.344136F * blue - 0.714136F * red));
    const float b_root = CodeToLightRoot(Clamp01(y + 1.772F * blue));
    const float r = r_root * r_root;
    const float g = g_root * g_root;
    const float b = b_root * b_root;
    const float r_out = LightToCode(0.822461969F * r + 0.177538031F * g);
    const float g_out = LightToCode(0.0331941989F * r + 0.966805801F * g);
    const float b_out = LightToCode(0.0170826307F * r + 0.0723974407F * g + 0.910519929F * b);
    const float y_out = 0.299F * r_out + 0.587F * g_out + 0.114F * b_out;
    luma[i] = RoundToByte(255.0F * y_out);
    cb[i] = RoundToByte(128.0F + (255.0F / 1.772F) * (b_out - y_out));
    cr[i] = RoundToByte(128.0F + (255.0F / 1.402F) * (r_out - y_out));
  }
}

void SrgbToP3Portable(uint8_t* luma, uint8_t* cb, uint8_t* cr, int count) {
  SrgbToP3Kernel(luma, cb, cr, count);
}

#ifdef IMMICH_HAVE_AVX2_CLONE
__attribute__((target("avx2,fma"))) void SrgbToP3Avx2(uint8_t* luma, uint8_t* cb, uint8_t* cr, int count) {
  SrgbToP3Kernel(luma, cb, cr, count);
}
#endif

auto ChooseSrgbToP3() {
#ifdef IMMICH_HAVE_AVX2_CLONE
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) return &SrgbToP3Avx2;
#endif
  return &SrgbToP3Portable;
}

/// value -> 16 + value * 219 / 255 (scale 219, offset 0, base 16) and the like, as a table.
constexpr std::array<uint8_t, 256> LimitedRangeTable(int scale, int centre, int base) {
  std::array<uint8_t, 256> table{};
  for (int i = 0; i < 256; ++i) {
    const int scaled = (i - centre) * scale;
    table[static_cast<size_t>(i)] = static_cast<uint8_t>(base + (scaled + (scaled < 0 ? -127 : 127)) / 255);
  }
  return table;
}

constexpr auto kLimitedLuma = LimitedRangeTable(219, 0, 16);
constexpr auto kLimitedChroma = LimitedRangeTable(224, 128, 128);

}  // namespace

void YccRowToRgb(const PlanarImage& image, int y, uint8_t* rgb) {
  const uint8_t* luma = image.y.Row(y);
  const uint8_t* cb = image.cb.Row(y);
  const uint8_t* cr = image.cr.Row(y);
  for (int x = 0; x < image.size().width; ++x) {
    const int base = (luma[x] << 16) + 32768;
    const int blue = cb[x] - 128;
    const int red = cr[x] - 128;
    rgb[3 * x] = ClampToByte((base + 91881 * red) >> 16);
    rgb[3 * x + 1] = ClampToByte((base - 22554 * blue - 46802 * red) >> 16);
    rgb[3 * x + 2] = ClampToByte((base + 116130 * blue) >> 16);
  }
}

void RgbRowToYcc(const uint8_t* rgb, int channels, PlanarImage& image, int y) {
  uint8_t* __restrict luma = image.y.Row(y);
  uint8_t* __restrict cb = image.cb.Row(y);
  uint8_t* __restrict cr = image.cr.Row(y);
  constexpr int kHalf = 32768;
  constexpr int kChromaBase = (128 << 16) + kHalf - 1;
  for (int x = 0; x < image.size().width; ++x) {
    const int r = rgb[channels * x];
    const int g = rgb[channels * x + 1];
    const int b = rgb[channels * x + 2];
    luma[x] = static_cast<uint8_t>((19595 * r + 38470 * g + 7471 * b + kHalf) >> 16);
    cb[x] = static_cast<uint8_t>((-11059 * r - 21709 * g + 32768 * b + kChromaBase) >> 16);
    cr[x] = static_cast<uint8_t>((32768 * r - 27439 * g - 5329 * b + kChromaBase) >> 16);
  }
}

void ConvertSrgbToDisplayP3(PlanarImage& image) {
  static const auto kConvert = ChooseSrgbToP3();
  for (int y = 0; y < image.size().height; ++y) {
    kConvert(image.y.Row(y), image.cb.Row(y), image.cr.Row(y), image.size().width);
  }
}

void LumaToLimitedRange(const uint8_t* from, uint8_t* to, int count) {
  for (int i = 0; i < count; ++i) to[i] = kLimitedLuma[from[i]];
}

void ChromaToLimitedRange(const uint8_t* from, uint8_t* to, int count) {
  for (int i = 0; i < count; ++i) to[i] = kLimitedChroma[from[i]];
}

}  // namespace immich::media
