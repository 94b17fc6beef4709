#include "media/image/image_renderer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "media/image/color/icc_profile.hpp"
#include "media/image/color/ycc_convert.hpp"
#include "media/image/jpeg/jpeg_decoder.hpp"
#include "media/image/jpeg/jpeg_encoder.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

using testing::Distance;
using testing::QuarterColors;
using testing::QuarteredJpeg;
using testing::Rgb;
using testing::TemporaryFile;

RenderRequest RequestFor(const std::string& path) {
  RenderRequest request;
  request.path = path;
  return request;
}

RenderResult Render(const RenderRequest& request) {
  auto result = RenderImage(request);
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(*result) : RenderResult();
}

FailureKind KindOf(const RenderRequest& request) {
  const auto result = RenderImage(request);
  EXPECT_FALSE(result);
  return result ? FailureKind::kInternal : result.error().kind;
}

void ExpectQuarters(const PlanarImage& picture, const std::array<Rgb, 4>& expected, int tolerance = 8) {
  const auto colors = QuarterColors(picture);
  for (size_t i = 0; i < 4; ++i) EXPECT_LE(Distance(colors[i], expected[i]), tolerance) << "quarter " << i;
}

constexpr std::array<Rgb, 4> kUprightQuarters = {testing::kRed, testing::kGreen, testing::kBlue, testing::kGrey};

TEST(ImageRendererTest, DefaultRenditionsOfAPhotograph) {
  const TemporaryFile file(".jpg", QuarteredJpeg({4000, 3000}, 75));
  const RenderResult result = Render(RequestFor(file.path()));
  EXPECT_EQ(result.source_size, (ImageSize{4000, 3000}));
  EXPECT_EQ(result.edited_size, result.source_size);
  EXPECT_EQ(result.preview.size, (ImageSize{1920, 1440}));
  EXPECT_EQ(result.thumbnail.size, (ImageSize{333, 250}));
  EXPECT_EQ(result.preview.format, ImageFormat::kJpeg);
  EXPECT_EQ(result.thumbnail.format, ImageFormat::kWebp);
  EXPECT_EQ(result.profile, ColorProfile::kSrgb);
  EXPECT_FALSE(result.fullsize);
  EXPECT_GE(result.thumbhash.size(), 17U);
  const PlanarImage preview = testing::DecodeJpegForTest(result.preview.bytes);
  const PlanarImage thumbnail = testing::DecodeWebpForTest(result.thumbnail.bytes);
  EXPECT_EQ(preview.size(), result.preview.size);
  EXPECT_EQ(thumbnail.size(), result.thumbnail.size);
  ExpectQuarters(preview, kUprightQuarters);
  ExpectQuarters(thumbnail, kUprightQuarters);
  auto decoder = JpegDecoder::Open(result.preview.bytes);
  ASSERT_TRUE(decoder);
  EXPECT_EQ(KnownProfileOf(decoder->header().icc), ColorProfile::kSrgb);
  EXPECT_FALSE(decoder->header().is_progressive);
}

TEST(ImageRendererTest, AllOrientationsComeOutUpright) {
  // What is stored when the upright picture is the quartered one: its own quarters, moved.
  const auto jpeg = QuarteredJpeg({400, 300});
  const std::array<std::array<Rgb, 4>, 8> expected = {{
      kUprightQuarters,
      {testing::kGreen, testing::kRed, testing::kGrey, testing::kBlue},
      {testing::kGrey, testing::kBlue, testing::kGreen, testing::kRed},
      {testing::kBlue, testing::kGrey, testing::kRed, testing::kGreen},
      {testing::kRed, testing::kBlue, testing::kGreen, testing::kGrey},
      {testing::kBlue, testing::kRed, testing::kGrey, testing::kGreen},
      {testing::kGrey, testing::kGreen, testing::kBlue, testing::kRed},
      {testing::kGreen, testing::kGrey, testing::kRed, testing::kBlue},
  }};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const TemporaryFile file(".jpg", testing::WithExifOrientation(jpeg, orientation));
    RenderRequest request = RequestFor(file.path());
    request.preview.size_px = 200;
    request.thumbnail.size_px = 100;
    const RenderResult result = Render(request);
    const bool turned = orientation >= 5;
    EXPECT_EQ(result.source_size, turned ? (ImageSize{300, 400}) : (ImageSize{400, 300}));
    EXPECT_EQ(result.preview.size, turned ? (ImageSize{200, 267}) : (ImageSize{267, 200}));
    ExpectQuarters(testing::DecodeJpegForTest(result.preview.bytes), expected[static_cast<size_t>(orientation - 1)]);
    ExpectQuarters(testing::DecodeWebpForTest(result.thumbnail.bytes), expected[static_cast<size_t>(orientation - 1)]);
  }
}

TEST(ImageRendererTest, SmallPicturesAreNotEnlarged) {
  const TemporaryFile file(".jpg", QuarteredJpeg({120, 90}));
  const RenderResult result = Render(RequestFor(file.path()));
  EXPECT_EQ(result.preview.size, (ImageSize{120, 90}));
  EXPECT_EQ(result.thumbnail.size, (ImageSize{120, 90}));
}

TEST(ImageRendererTest, OptionsOfTheConfiguration) {
  const TemporaryFile file(".jpg", QuarteredJpeg({400, 300}));
  RenderRequest request = RequestFor(file.path());
  request.preview = {.format = ImageFormat::kWebp, .size_px = 150, .quality = 70, .progressive = true};
  request.thumbnail = {.format = ImageFormat::kJpeg, .size_px = 60, .quality = 60, .progressive = true};
  request.fullsize = RenditionSpec{.format = ImageFormat::kJpeg, .size_px = 0, .quality = 80, .progressive = false};
  request.xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";
  const RenderResult result = Render(request);
  EXPECT_EQ(result.preview.size, (ImageSize{200, 150}));
  EXPECT_FALSE(result.preview.is_progressive);
  EXPECT_TRUE(result.thumbnail.is_progressive);
  EXPECT_TRUE(JpegDecoder::Open(result.thumbnail.bytes)->header().is_progressive);
  ASSERT_TRUE(result.fullsize);
  EXPECT_EQ(result.fullsize->size, (ImageSize{400, 300}));
  const auto holds_xmp = [&](const Rendition& rendition) {
    return std::string(rendition.bytes.begin(), rendition.bytes.end()).find(request.xmp) != std::string::npos;
  };
  EXPECT_TRUE(holds_xmp(*result.fullsize));
  EXPECT_TRUE(holds_xmp(result.preview));
  EXPECT_FALSE(holds_xmp(result.thumbnail));
  ExpectQuarters(testing::DecodeWebpForTest(result.preview.bytes), kUprightQuarters);
}

TEST(ImageRendererTest, UncalibratedSourcesComeOutInDisplayP3) {
  const TemporaryFile file(".jpg", QuarteredJpeg({400, 300}));
  RenderRequest request = RequestFor(file.path());
  request.color.colorspace = "Uncalibrated";
  const RenderResult result = Render(request);
  EXPECT_EQ(result.profile, ColorProfile::kDisplayP3);
  auto decoder = JpegDecoder::Open(result.preview.bytes);
  ASSERT_TRUE(decoder);
  EXPECT_EQ(KnownProfileOf(decoder->header().icc), ColorProfile::kDisplayP3);
  // sRGB red is less red in P3 numbers, grey is the same.
  const auto colors = QuarterColors(testing::DecodeJpegForTest(result.preview.bytes));
  EXPECT_NEAR(colors[0][0], 202, 6);
  EXPECT_NEAR(colors[0][1], 51, 8);
  EXPECT_LE(Distance(colors[3], testing::kGrey), 3);
  request.profile = ColorProfile::kSrgb;
  EXPECT_EQ(Render(request).profile, ColorProfile::kSrgb);
}

TEST(ImageRendererTest, AnEmbeddedP3ProfileIsKeptOrConverted) {
  PlanarImage picture = testing::QuarteredPicture({200, 150});
  const auto jpeg = EncodeJpeg(
      picture, {.quality = 90, .progressive = false, .icc = IccProfileBytes(ColorProfile::kDisplayP3), .xmp = {}});
  ASSERT_TRUE(jpeg);
  const TemporaryFile file(".jpg", *jpeg);
  RenderRequest request = RequestFor(file.path());
  request.color.profile_description = "Display P3";
  ExpectQuarters(testing::DecodeJpegForTest(Render(request).preview.bytes), kUprightQuarters, 5);
  request.profile = ColorProfile::kSrgb;
  const auto colors = QuarterColors(testing::DecodeJpegForTest(Render(request).preview.bytes));
  EXPECT_GT(colors[0][0], 232);
  EXPECT_LE(Distance(colors[3], testing::kGrey), 3);
}

TEST(ImageRendererTest, EditsCropTurnAndMirror) {
  const TemporaryFile file(".jpg", testing::WithExifOrientation(QuarteredJpeg({800, 600}), 1));
  RenderRequest request = RequestFor(file.path());
  request.preview.size_px = 150;
  request.edits.crop = ImageRect{400, 0, 400, 300};  // the green quarter
  RenderResult result = Render(request);
  EXPECT_EQ(result.source_size, (ImageSize{800, 600}));
  EXPECT_EQ(result.edited_size, (ImageSize{400, 300}));
  EXPECT_EQ(result.preview.size, (ImageSize{200, 150}));
  for (const Rgb& color : QuarterColors(testing::DecodeJpegForTest(result.preview.bytes))) {
    EXPECT_LE(Distance(color, testing::kGreen), 8);
  }
  request.edits.crop = ImageRect{200, 150, 400, 300};
  request.edits.turn = Compose(OrientationFromRotation(90), Orientation::kMirrored);
  result = Render(request);
  EXPECT_EQ(result.edited_size, (ImageSize{300, 400}));
  ExpectQuarters(testing::DecodeJpegForTest(result.preview.bytes),
                 {testing::kRed, testing::kBlue, testing::kGreen, testing::kGrey});
  request.edits.crop = ImageRect{700, 0, 200, 100};
  EXPECT_EQ(KindOf(request), FailureKind::kUnsupported);
}

TEST(ImageRendererTest, CropsKeepTheirSharpness) {
  // A crop of 400 px out of 4000 must be decoded at full scale: a one-pixel pattern survives.
  PlanarImage picture = MakePlanarImage({2000, 1500});
  picture.cb.Fill(128);
  picture.cr.Fill(128);
  for (int y = 0; y < 1500; ++y) {
    for (int x = 0; x < 2000; ++x) picture.y.Row(y)[x] = x / 2 % 2 == 0 ? 255 : 0;
  }
  const auto jpeg = EncodeJpeg(picture, {.quality = 95, .progressive = false, .icc = {}, .xmp = {}});
  const TemporaryFile file(".jpg", *jpeg);
  RenderRequest request = RequestFor(file.path());
  request.edits.crop = ImageRect{1000, 700, 200, 200};
  const PlanarImage preview = testing::DecodeJpegForTest(Render(request).preview.bytes);
  ASSERT_EQ(preview.size(), (ImageSize{200, 200}));
  EXPECT_GT(std::abs(preview.y.Row(100)[100] - preview.y.Row(100)[102]), 200);
}

TEST(ImageRendererTest, BrokenFilesFailAndSayWhy) {
  const auto jpeg = QuarteredJpeg({400, 300});
  const TemporaryFile empty(".jpg", std::string_view());
  EXPECT_EQ(KindOf(RequestFor(empty.path())), FailureKind::kUnsupported);
  const TemporaryFile text(".jpg", std::string_view("this is no picture"));
  EXPECT_EQ(KindOf(RequestFor(text.path())), FailureKind::kUnsupported);
  const TemporaryFile cut(".jpg", std::span(jpeg).first(jpeg.size() / 2));
  EXPECT_EQ(KindOf(RequestFor(cut.path())), FailureKind::kCorrupt);
  RenderRequest tolerant = RequestFor(cut.path());
  tolerant.process_invalid = true;
  EXPECT_EQ(Render(tolerant).preview.size, (ImageSize{400, 300}));
  EXPECT_EQ(KindOf(RequestFor("/nonexistent/file.jpg")), FailureKind::kNotFound);
  EXPECT_EQ(KindOf(RequestFor("/tmp")), FailureKind::kNotFound);
}

TEST(ImageRendererTest, ThePixelLimitIsCheckedBeforeDecoding) {
  const TemporaryFile file(".jpg", QuarteredJpeg({400, 300}));
  RenderRequest request = RequestFor(file.path());
  request.max_pixels = 400 * 300 - 1;
  EXPECT_EQ(KindOf(request), FailureKind::kTooLarge);
  request.max_pixels = 400 * 300;
  EXPECT_EQ(Render(request).source_size, (ImageSize{400, 300}));
}

TEST(ImageRendererTest, FaceCropIsASquareAroundTheFace) {
  const TemporaryFile file(".jpg", QuarteredJpeg({2000, 1500}));
  FaceCropRequest request;
  request.path = file.path();
  request.box = {150, 150, 100, 100};  // inside the green quarter of the half-size picture
  request.box.x = 700;
  request.box_space = {1000, 750};
  const auto face = RenderFaceCrop(request);
  ASSERT_TRUE(face) << face.error().message;
  EXPECT_EQ(face->size, (ImageSize{220, 220}));
  EXPECT_EQ(face->format, ImageFormat::kJpeg);
  request.box = {600, 100, 300, 250};
  const auto large = RenderFaceCrop(request);
  ASSERT_TRUE(large);
  EXPECT_EQ(large->size, (ImageSize{250, 250}));
}

}  // namespace
}  // namespace immich::media
