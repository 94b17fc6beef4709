#include "server/thumbnails/rendition_plan.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::thumbnails {
namespace {

api::AdminConfigImageDto Config() {
  api::AdminConfigImageDto config;
  config.colorspace = api::Colorspace::kP3;
  config.preview = {.format = api::ImageFormat::kJpeg, .progressive = true, .quality = 80, .size = 1440};
  config.thumbnail = {.format = api::ImageFormat::kWebp, .progressive = false, .quality = 75, .size = 250};
  config.fullsize = {.enabled = false, .format = api::ImageFormat::kJpeg, .progressive = false, .quality = 90};
  return config;
}

ThumbnailSource Source(std::string path) {
  ThumbnailSource source;
  source.original_path = std::move(path);
  source.visibility = "timeline";
  return source;
}

TEST(RenditionPlanTest, FullsizeOnlyWhereBrowsersCannotShowTheOriginal) {
  api::AdminConfigImageDto config = Config();
  EXPECT_FALSE(NeedsFullsize(Source("/a/b.heic"), config, false));
  config.fullsize.enabled = true;
  EXPECT_TRUE(NeedsFullsize(Source("/a/b.heic"), config, false));
  EXPECT_FALSE(NeedsFullsize(Source("/a/b.jpg"), config, false));
  EXPECT_TRUE(NeedsFullsize(Source("/a/b.jpg"), config, true));
}

TEST(RenditionPlanTest, PanoramasGetAFullsize) {
  ThumbnailSource source = Source("/a/b.dng");
  source.projection_type = "EQUIRECTANGULAR";
  EXPECT_TRUE(NeedsFullsize(source, Config(), false));
  EXPECT_TRUE(PlanOrder(source, Config(), false, false).keep_panorama);
}

TEST(RenditionPlanTest, OrderFollowsTheConfiguration) {
  const media::ThumbnailOrder order = PlanOrder(Source("/a/b.jpg"), Config(), false, true);
  EXPECT_EQ(order.source, "/a/b.jpg");
  EXPECT_FALSE(order.is_video);
  EXPECT_TRUE(order.use_display_p3);
  EXPECT_TRUE(order.process_invalid);
  EXPECT_FALSE(order.preview.is_webp);
  EXPECT_TRUE(order.preview.is_progressive);
  EXPECT_EQ(order.preview.size_px, 1440);
  EXPECT_TRUE(order.thumbnail.is_webp);
  EXPECT_EQ(order.thumbnail.quality, 75);
  EXPECT_FALSE(order.fullsize.has_value());
  EXPECT_TRUE(PlanOrder(Source("/a/b.gif"), Config(), false, false).is_video);
}

TEST(RenditionPlanTest, TargetsAreTheDocumentedPaths) {
  const StoragePaths paths("/data");
  ThumbnailSource source = Source("/x.jpg");
  source.owner = UserId(*Uuid::Parse("eaf167de-b7f6-45ea-bb83-a14b233492d3"));
  const AssetId asset(*Uuid::Parse("103c05df-9d6c-407b-9556-d9da0d589e6e"));
  const RenditionTargets targets = PlanTargets(source, asset, Config(), paths, false);
  const std::string folder = "/data/thumbs/eaf167de-b7f6-45ea-bb83-a14b233492d3/10/3c/";
  EXPECT_EQ(targets.preview, folder + "103c05df-9d6c-407b-9556-d9da0d589e6e_preview.jpeg");
  EXPECT_EQ(targets.thumbnail, folder + "103c05df-9d6c-407b-9556-d9da0d589e6e_thumbnail.webp");
  EXPECT_EQ(targets.fullsize, "");
  EXPECT_EQ(PlanTargets(source, asset, Config(), paths, true).fullsize,
            folder + "103c05df-9d6c-407b-9556-d9da0d589e6e_fullsize_edited.jpeg");
}

TEST(RenditionPlanTest, EditsComeDownToOneCropAndOneTurn) {
  const CombinedEdits edits = CombineEdits({{"crop", R"({"x":1,"y":2,"width":30,"height":40})"},
                                            {"rotate", R"({"angle":90})"},
                                            {"mirror", R"({"axis":"horizontal"})"}});
  ASSERT_TRUE(edits.crop.has_value());
  EXPECT_EQ(edits.crop->width, 30);
  // A quarter turn clockwise, then left and right swapped, is the transposition.
  EXPECT_EQ(edits.turn, 5);
  EXPECT_EQ(CombineEdits({{"rotate", R"({"angle":180})"}, {"rotate", R"({"angle":180})"}}).turn, 1);
  EXPECT_THROW(CombineEdits({{"crop", R"({"x":1})"}}), BadRequest);
  EXPECT_THROW(CombineEdits({{"paint", "{}"}}), BadRequest);
}

}  // namespace
}  // namespace immich::thumbnails
