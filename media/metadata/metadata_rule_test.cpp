#include "media/metadata/metadata_rule.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

MetadataInputs Inputs(TagSet media, const char* extension = ".jpg") {
  MetadataInputs inputs;
  inputs.extension = extension;
  inputs.media = std::move(media);
  inputs.file.size_bytes = 1000;
  return inputs;
}

TagSet Texts(std::initializer_list<std::pair<const char*, const char*>> texts) {
  TagSet tags;
  for (const auto& [name, text] : texts) tags.AddText(name, text);
  return tags;
}

TEST(MetadataRuleTest, AnEmptyTagSetGivesOnlyTheFile) {
  const auto out = DecideMetadata(Inputs({}));
  EXPECT_EQ(out.file_size_bytes, 1000);
  EXPECT_EQ(out.description, "");
  EXPECT_FALSE(out.make || out.iso || out.width || out.orientation || out.rating || out.latitude);
  EXPECT_TRUE(out.tags.empty());
}

TEST(MetadataRuleTest, SizeIsStoredAndUpright) {
  TagSet tags = Texts({{"ImageSize", "4000x3000"}});
  tags.AddNumber("Orientation", 6);
  const auto out = DecideMetadata(Inputs(tags));
  EXPECT_EQ(out.exif_image_width, 4000);
  EXPECT_EQ(out.exif_image_height, 3000);
  EXPECT_EQ(out.width, 3000);
  EXPECT_EQ(out.height, 4000);
  EXPECT_EQ(out.orientation, 6);
}

TEST(MetadataRuleTest, WidthAndHeightStandInForABrokenSize) {
  TagSet tags = Texts({{"ImageSize", "unknown"}});
  tags.AddNumber("ImageWidth", 10);
  tags.AddNumber("ImageHeight", 20);
  EXPECT_EQ(DecideMetadata(Inputs(tags)).exif_image_height, 20);
}

TEST(MetadataRuleTest, HeifOrientationComesFromTheBoxAlone) {
  TagSet tags;
  tags.AddNumber("Orientation", 6);
  EXPECT_EQ(DecideMetadata(Inputs(tags, ".HEIC")).orientation, std::nullopt);
  for (const auto& [turns, orientation] : {std::pair{0, 1}, {1, 8}, {2, 3}, {3, 6}}) {
    TagSet rotated = tags;
    rotated.AddNumber("Rotation", turns);
    EXPECT_EQ(DecideMetadata(Inputs(rotated, ".avif")).orientation, orientation);
    EXPECT_EQ(DecideMetadata(Inputs(rotated, ".jpg")).orientation, 6);
  }
}

TEST(MetadataRuleTest, VideoFactsReplaceTags) {
  TagSet tags;
  tags.is_video = true;
  tags.AddNumber("Orientation", 1);
  tags.AddNumber("Duration", 99);
  tags.AddNumber("VideoFrameRate", 24);
  MetadataInputs inputs = Inputs(tags, ".mov");
  inputs.video = VideoFacts{
      .duration_seconds = 1.2345, .rotation_degrees = -90, .width = 1920, .height = 1080, .frames_per_second = 29.97};
  const auto out = DecideMetadata(inputs);
  EXPECT_EQ(out.duration_ms, 1235);
  EXPECT_EQ(out.orientation, 6);
  EXPECT_EQ(out.width, 1080);
  EXPECT_EQ(out.exif_image_width, 1920);
  EXPECT_DOUBLE_EQ(*out.fps, 29.97);
}

TEST(MetadataRuleTest, DurationsOfStillFormatsAreDropped) {
  TagSet tags;
  tags.AddNumber("Duration", 2.5);
  EXPECT_EQ(DecideMetadata(Inputs(tags, ".jpg")).duration_ms, std::nullopt);
  EXPECT_EQ(DecideMetadata(Inputs(tags, ".webp")).duration_ms, 2500);
}

TEST(MetadataRuleTest, SidecarReplacesTagsExceptTheDuration) {
  TagSet media = Texts({{"Description", "from the file"}, {"Make", "Canon"}});
  media.AddNumber("Duration", 1);
  MetadataInputs inputs = Inputs(media, ".png");
  inputs.sidecar = Texts({{"Description", "from the sidecar"}});
  inputs.sidecar->AddNumber("Duration", 5);
  const auto out = DecideMetadata(inputs);
  EXPECT_EQ(out.description, "from the sidecar");
  EXPECT_EQ(out.make, "Canon");
  EXPECT_EQ(out.duration_ms, 1000);
}

TEST(MetadataRuleTest, DescriptionPrefersImageDescriptionAndIsTrimmed) {
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"Description", " b "}}))).description, "b");
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"Description", "b"}, {"ImageDescription", "a\n"}}))).description, "a");
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"Description", "b"}, {"ImageDescription", "    "}}))).description, "");
}

TEST(MetadataRuleTest, RatingsOutsideOneToFiveAreNone) {
  for (const auto& [stored, expected] :
       {std::pair<double, std::optional<int>>{0, {}}, {-1, {}}, {6, {}}, {1, 1}, {4.4, 4}, {5, 5}}) {
    TagSet tags;
    tags.AddNumber("Rating", stored);
    EXPECT_EQ(DecideMetadata(Inputs(tags)).rating, expected) << stored;
  }
}

TEST(MetadataRuleTest, NumbersAreNumbersOrNothing) {
  TagSet tags = Texts({{"FNumber", "f/2"}});
  tags.AddNumber("ISO", 4e12);
  tags.AddNumber("FocalLength", 4.25);
  auto out = DecideMetadata(Inputs(tags));
  EXPECT_EQ(out.f_number, std::nullopt);
  EXPECT_EQ(out.iso, std::nullopt);
  EXPECT_EQ(out.focal_length, 4.25);
  TagSet list;
  list.tags["ISO"] = {
      .kind = TagValue::Kind::kList, .text = {}, .number = 0, .items = {TagValue::Number(200), TagValue::Number(0)}};
  EXPECT_EQ(DecideMetadata(Inputs(list)).iso, 200);
}

TEST(MetadataRuleTest, LensNamesThatSayNothingAreNone) {
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"LensModel", " 50mm "}}))).lens_model, "50mm");
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"LensModel", "50mm"}, {"LensID", "Unknown (7)"}}))).lens_model, std::nullopt);
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"LensModel", "----"}}))).lens_model, std::nullopt);
}

TEST(MetadataRuleTest, CameraFallsBackFromSourceToSource) {
  const auto out =
      DecideMetadata(Inputs(Texts({{"DeviceManufacturer", "Apple Computer Inc."}, {"AndroidModel", "Pixel"}})));
  EXPECT_EQ(out.make, "Apple Computer Inc.");
  EXPECT_EQ(out.model, "Pixel");
}

TEST(MetadataRuleTest, BitsPerSampleTakesTheFirstNumber) {
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"ImagePixelDepth", "10 10 10"}}))).bits_per_sample, 10);
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"BitDepth", "24"}}))).bits_per_sample, 8);
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"BitDepth", "32"}}))).bits_per_sample, 32);
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"BitsPerSample", "n/a"}, {"BitDepth", "16"}}))).bits_per_sample, 16);
}

TEST(MetadataRuleTest, TagsComeFromTheFirstKindOfList) {
  TagSet tags;
  tags.AddList("Keywords", {"k1", "k2"});
  EXPECT_EQ(DecideMetadata(Inputs(tags)).tags, (std::vector<std::string>{"k1", "k2"}));
  tags.AddList("HierarchicalSubject", {"Places|Home/Garden", "plain"});
  EXPECT_EQ(DecideMetadata(Inputs(tags)).tags, (std::vector<std::string>{"Places/Home|Garden", "plain"}));
  tags.AddList("TagsList", {"a/b"});
  EXPECT_EQ(DecideMetadata(Inputs(tags)).tags, (std::vector<std::string>{"a/b"}));
  EXPECT_EQ(DecideMetadata(Inputs(Texts({{"Keywords", "single"}}))).tags, (std::vector<std::string>{"single"}));
}

TEST(MetadataRuleTest, IdsAndProjection) {
  const auto out = DecideMetadata(Inputs(Texts({{"MediaGroupUUID", "g"},
                                                {"ContentIdentifier", "c"},
                                                {"BurstUUID", "u"},
                                                {"CameraBurstID", "x"},
                                                {"ProjectionType", "equirectangular"}})));
  EXPECT_EQ(out.live_photo_cid, "c");
  EXPECT_EQ(out.auto_stack_id, "u");
  EXPECT_EQ(out.projection_type, "EQUIRECTANGULAR");
}

TEST(MetadataRuleTest, PositionsMustBeNumbersInRange) {
  TagSet tags;
  tags.AddNumber("GPSLatitude", 91);
  tags.AddNumber("GPSLongitude", 8);
  EXPECT_EQ(DecideMetadata(Inputs(tags)).latitude, std::nullopt);
  TagSet text = Texts({{"GPSLatitude", "47 deg"}, {"GPSLongitude", "8 deg"}});
  EXPECT_EQ(DecideMetadata(Inputs(text)).latitude, std::nullopt);
}

}  // namespace
}  // namespace immich::media
