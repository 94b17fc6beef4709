#include "media/worker/media_protocol.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::media {
namespace {

TEST(MediaProtocolTest, OrdersComeBackAsTheyWere) {
  ThumbnailOrder order;
  order.source = "/a/\"b\"\n\xC3\xBC.jpg";
  order.colorspace = "sRGB";
  order.bits_per_sample = 8;
  order.preview = {.path = "/p", .is_webp = false, .size_px = 1440, .quality = 80, .is_progressive = true};
  order.thumbnail = {.path = "/t", .is_webp = true, .size_px = 250, .quality = 75};
  order.crop = CropOrder{1, 2, 3, 4};
  order.turn = 6;
  const std::string message = EncodeOrder(order);
  EXPECT_EQ(OrderName(message), ThumbnailOrder::kName);
  const auto back = DecodeOrder<ThumbnailOrder>(message);
  EXPECT_EQ(back.source, order.source);
  EXPECT_EQ(back.colorspace, "sRGB");
  EXPECT_FALSE(back.profile_description.has_value());
  EXPECT_EQ(back.bits_per_sample, 8);
  EXPECT_TRUE(back.preview.is_progressive);
  EXPECT_TRUE(back.thumbnail.is_webp);
  EXPECT_FALSE(back.fullsize.has_value());
  ASSERT_TRUE(back.crop.has_value());
  EXPECT_EQ(back.crop->height, 4);
  EXPECT_EQ(back.turn, 6);
  EXPECT_EQ(EncodeOrder(back), message);
}

TEST(MediaProtocolTest, ReportsKeepNumbersAndBytes) {
  MetadataReport report;
  report.file_size_bytes = 3'000'000'000;
  report.date_time_original = TimePoint(std::chrono::microseconds(-1'234'567));
  report.latitude = -33.856784;
  report.longitude = 151.0;
  report.tags = {"a/b", "c"};
  report.motion_video = ByteRange{100, 200};
  report.video.emplace().codec_name = "hevc";
  report.keyframes.emplace().pts = {0, 512, 1024};
  const auto back = DecodeReply<MetadataReport>(EncodeReply<MetadataReport>(report));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->file_size_bytes, 3'000'000'000);
  EXPECT_EQ(back->date_time_original, report.date_time_original);
  EXPECT_EQ(back->latitude, -33.856784);
  EXPECT_EQ(back->longitude, 151.0);
  EXPECT_EQ(back->tags, report.tags);
  EXPECT_EQ(back->motion_video->length, 200);
  EXPECT_EQ(back->video->codec_name, "hevc");
  EXPECT_EQ(back->keyframes->pts, report.keyframes->pts);
  ThumbnailReport thumbnail;
  thumbnail.thumbhash = {0, 255, 7};
  EXPECT_EQ(DecodeReply<ThumbnailReport>(EncodeReply<ThumbnailReport>(thumbnail))->thumbhash, thumbnail.thumbhash);
}

TEST(MediaProtocolTest, FailuresComeBack) {
  const auto back = DecodeReply<ThumbnailReport>(EncodeFailure({FailureKind::kCorrupt, "bad Huffman code"}));
  ASSERT_FALSE(back.has_value());
  EXPECT_EQ(back.error().kind, FailureKind::kCorrupt);
  EXPECT_EQ(back.error().message, "bad Huffman code");
}

TEST(MediaProtocolTest, BrokenTextIsRepaired) {
  MetadataReport report;
  report.description = std::string(
                           "a\xFF"
                           "b\0c\xC0\x80\xED\xA0\x80",
                           10) +
                       "\xF0\x9F\x98\x80";
  const auto back = DecodeReply<MetadataReport>(EncodeReply<MetadataReport>(report));
  ASSERT_TRUE(back.has_value());
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(back->description, "a" + bad + "bc" + bad + bad + bad + bad + bad + "\xF0\x9F\x98\x80");
}

TEST(MediaProtocolTest, RefusesOtherMessages) {
  EXPECT_THROW(DecodeOrder<MetadataOrder>(R"({"order":"metadata","data":{"source":7}})"), BadRequest);
  EXPECT_THROW(DecodeReply<ThumbnailReport>(R"({"report":{}})"), BadRequest);
  EXPECT_THROW(DecodeReply<ThumbnailReport>("[]"), BadRequest);
  EXPECT_EQ(OrderName("{}"), "");
}

}  // namespace
}  // namespace immich::media
