#include "media/image/color/icc_profile.hpp"

#include <lcms2.h>

#include <array>
#include <cmath>
#include <memory>
#include <type_traits>

#include "media/image/color/color_matrix.hpp"
#include "media/image/color/ycc_convert.hpp"

namespace immich::media {
namespace {

struct ProfileDeleter {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using ProfileHandle = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, ProfileDeleter>;

struct TransformDeleter {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using TransformHandle = std::unique_ptr<std::remove_pointer_t<cmsHTRANSFORM>, TransformDeleter>;

struct CurveDeleter {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using CurveHandle = std::unique_ptr<cmsToneCurve, CurveDeleter>;

/// IEC 61966-2-1: gamma 2.4 with a linear toe.
CurveHandle SrgbCurve() {
  const std::array<double, 5> parameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return CurveHandle(cmsBuildParametricToneCurve(nullptr, 4, parameters.data()));
}

void SetText(cmsHPROFILE profile, cmsTagSignature tag, const char* text) {
  cmsMLU* mlu = cmsMLUalloc(nullptr, 1);
  cmsMLUsetASCII(mlu, "en", "US", text);
  cmsWriteTag(profile, tag, mlu);
  cmsMLUfree(mlu);
}

ProfileHandle MakeProfile(const Chromaticities& space, const char* description) {
  const cmsCIExyY white = {space.white_x, space.white_y, 1.0};
  const cmsCIExyYTRIPLE primaries = {
      {space.red_x, space.red_y, 1.0}, {space.green_x, space.green_y, 1.0}, {space.blue_x, space.blue_y, 1.0}};
  const CurveHandle curve = SrgbCurve();
  cmsToneCurve* curves[3] = {curve.get(), curve.get(), curve.get()};
  ProfileHandle profile(cmsCreateRGBProfile(&white, &primaries, curves));
  if (profile == nullptr) return nullptr;
  SetText(profile.get(), cmsSigProfileDescriptionTag, description);
  SetText(profile.get(), cmsSigCopyrightTag, "CC0");
  return profile;
}

ProfileHandle MakeProfile(ColorProfile space) {
  return MakeProfile(ChromaticitiesOf(space), space == ColorProfile::kSrgb ? "sRGB" : "Display P3");
}

std::vector<uint8_t> Serialise(const ProfileHandle& profile) {
  cmsUInt32Number size = 0;
  if (profile == nullptr || cmsSaveProfileToMem(profile.get(), nullptr, &size) == 0) return {};
  std::vector<uint8_t> bytes(size);
  if (cmsSaveProfileToMem(profile.get(), bytes.data(), &size) == 0) return {};
  return bytes;
}

ProfileHandle OpenRgb(std::span<const uint8_t> icc) {
  ProfileHandle profile(cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  if (profile == nullptr || cmsGetColorSpace(profile.get()) != cmsSigRgbData) return nullptr;
  return profile;
}

bool SameColorant(cmsHPROFILE a, cmsHPROFILE b, cmsTagSignature tag) {
  constexpr double kTolerance = 0.002;
  const auto* left = static_cast<const cmsCIEXYZ*>(cmsReadTag(a, tag));
  const auto* right = static_cast<const cmsCIEXYZ*>(cmsReadTag(b, tag));
  return left != nullptr && right != nullptr && std::abs(left->X - right->X) < kTolerance &&
         std::abs(left->Y - right->Y) < kTolerance && std::abs(left->Z - right->Z) < kTolerance;
}

bool IsSrgbCurve(cmsHPROFILE profile, cmsTagSignature tag) {
  const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag));
  if (curve == nullptr) return false;
  const CurveHandle reference = SrgbCurve();
  for (int i = 1; i <= 8; ++i) {
    const auto at = static_cast<float>(i) / 8;
    if (std::abs(cmsEvalToneCurveFloat(curve, at) - cmsEvalToneCurveFloat(reference.get(), at)) > 1.0F / 255) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::span<const uint8_t> IccProfileBytes(ColorProfile profile) {
  static const std::vector<uint8_t> kSrgbBytes = Serialise(MakeProfile(ColorProfile::kSrgb));
  static const std::vector<uint8_t> kP3Bytes = Serialise(MakeProfile(ColorProfile::kDisplayP3));
  return profile == ColorProfile::kSrgb ? kSrgbBytes : kP3Bytes;
}

std::optional<ColorProfile> KnownProfileOf(std::span<const uint8_t> icc) {
  const ProfileHandle profile = OpenRgb(icc);
  // A profile with lookup tables is more than its matrix.
  if (profile == nullptr || cmsIsTag(profile.get(), cmsSigAToB0Tag) != 0) return std::nullopt;
  for (const cmsTagSignature tag : {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag}) {
    if (!IsSrgbCurve(profile.get(), tag)) return std::nullopt;
  }
  for (const ColorProfile candidate : {ColorProfile::kSrgb, ColorProfile::kDisplayP3}) {
    const ProfileHandle known = MakeProfile(candidate);
    if (known != nullptr && SameColorant(profile.get(), known.get(), cmsSigRedColorantTag) &&
        SameColorant(profile.get(), known.get(), cmsSigGreenColorantTag) &&
        SameColorant(profile.get(), known.get(), cmsSigBlueColorantTag)) {
      return candidate;
    }
  }
  return std::nullopt;
}

bool ConvertFromIcc(PlanarImage& image, std::span<const uint8_t> icc, ColorProfile target) {
  const ProfileHandle from = OpenRgb(icc);
  const ProfileHandle to = MakeProfile(target);
  if (from == nullptr || to == nullptr) return false;
  const TransformHandle transform(
      cmsCreateTransform(from.get(), TYPE_RGB_8, to.get(), TYPE_RGB_8, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE));
  if (transform == nullptr) return false;
  const auto width = static_cast<size_t>(image.size().width);
  std::vector<uint8_t> row(width * 3);
  for (int y = 0; y < image.size().height; ++y) {
    YccRowToRgb(image, y, row.data());
    cmsDoTransform(transform.get(), row.data(), row.data(), static_cast<cmsUInt32Number>(width));
    RgbRowToYcc(row.data(), 3, image, y);
  }
  return true;
}

void ConvertProfile(PlanarImage& image, std::span<const uint8_t> icc, ColorProfile target) {
  const std::optional<ColorProfile> known = icc.empty() ? ColorProfile::kSrgb : KnownProfileOf(icc);
  if (known == target) return;
  if (known != ColorProfile::kSrgb && ConvertFromIcc(image, icc, target)) return;
  if (target == ColorProfile::kDisplayP3) ConvertSrgbToDisplayP3(image);
}

std::vector<uint8_t> IccOfPrimaries(int primaries) {
  constexpr int kBt2020 = 9;
  constexpr int kDisplayP3 = 12;
  if (primaries != kBt2020 && primaries != kDisplayP3) return {};
  return Serialise(MakeProfile(ChromaticitiesOf(primaries), "nclx"));
}

}  // namespace immich::media
