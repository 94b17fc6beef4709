// Probing and stills on videos that the ffmpeg program makes for the test; skipped where it is not installed.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "media/metadata/metadata_reader.hpp"
#include "media/testing/sample_pictures.hpp"
#include "media/video/video_probe.hpp"
#include "media/video/video_still.hpp"

namespace immich::media {
namespace {

using testing::Distance;
using testing::QuarterColors;

class VideoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v ffmpeg > /dev/null") != 0) GTEST_SKIP() << "ffmpeg is not installed";
    folder_ = std::filesystem::temp_directory_path() / ("immich-video-test-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// Runs ffmpeg with `arguments` and the output name appended; empty when this ffmpeg cannot do it.
  std::string Make(const std::string& name, const std::string& arguments) {
    const std::string path = (folder_ / name).string();
    const std::string command = "ffmpeg -v error -y " + arguments + " " + path + " 2> /dev/null";
    return std::system(command.c_str()) == 0 ? path : std::string();
  }

  /// Quarters in the colours of QuarteredPicture.
  static std::string Quarters(const std::string& size, const std::string& duration) {
    return "-f lavfi -i \"color=s=" + size + ":r=12:d=" + duration +
           ":c=0x808080,drawbox=w=iw/2:h=ih/2:c=0xdc1e1e:t=fill,drawbox=x=iw/2:w=iw/2:h=ih/2:c=0x1ec828:t=fill,"
           "drawbox=y=ih/2:w=iw/2:h=ih/2:c=0x1e28d2:t=fill\" ";
  }

  std::filesystem::path folder_;
};

TEST_F(VideoTest, ProbeDescribesStreamsAndKeyFrames) {
  const std::string path =
      Make("a.mp4", Quarters("640x360", "4") +
                        "-f lavfi -i sine=d=4 -c:v libx264 -profile:v high -g 12 -pix_fmt yuv420p -c:a aac -metadata "
                        "creation_time=2024-07-01T10:00:00Z -metadata location=+47.3769+008.5417/");
  if (path.empty()) GTEST_SKIP() << "no libx264";
  const auto probe = ProbeVideo(path);
  ASSERT_TRUE(probe) << probe.error().message;
  EXPECT_EQ(probe->format_name, "mov,mp4,m4a,3gp,3g2,mj2");
  EXPECT_EQ(probe->format_long_name, "QuickTime / MOV");
  EXPECT_NEAR(*probe->duration_seconds, 4, 0.1);
  ASSERT_EQ(probe->video_streams.size(), 1U);
  const VideoStream& video = probe->video_streams[0];
  EXPECT_EQ(video.codec_name, "h264");
  EXPECT_EQ(video.profile, 100);
  EXPECT_EQ(video.width, 640);
  EXPECT_EQ(video.height, 360);
  EXPECT_EQ(video.pixel_format, "yuv420p");
  EXPECT_EQ(video.frame_count, 48);
  EXPECT_NEAR(video.frames_per_second, 12, 0.01);
  EXPECT_EQ(video.rotation_degrees, 0);
  EXPECT_FALSE(video.is_hdr());
  ASSERT_EQ(probe->audio_streams.size(), 1U);
  EXPECT_EQ(probe->audio_streams[0].codec_name, "aac");
  EXPECT_EQ(probe->audio_streams[0].profile, 1);
  ASSERT_TRUE(probe->keyframes);
  EXPECT_EQ(probe->keyframes->pts.size(), 4U);
  EXPECT_EQ(probe->keyframes->packet_count, 48);
  EXPECT_EQ(probe->keyframes->total_duration, 4LL * video.time_base);
  EXPECT_EQ(probe->keyframes->accumulated_duration[1], probe->keyframes->pts[1] - probe->keyframes->pts[0]);
  EXPECT_EQ(probe->container_tags.TextOf("CreateDate"), "2024-07-01T10:00:00.000000");
}

TEST_F(VideoTest, MetadataOfAVideo) {
  const std::string path = Make("a.mp4", Quarters("320x180", "1") +
                                             "-c:v libx264 -metadata creation_time=2024-07-01T10:00:00Z "
                                             "-metadata location=+47.3769+008.5417/");
  if (path.empty()) GTEST_SKIP() << "no libx264";
  const auto probe = ProbeVideo(path, {.scan_keyframes = false});
  ASSERT_TRUE(probe);
  EXPECT_FALSE(probe->keyframes);
  MetadataRequest request;
  request.path = path;
  request.video = VideoFactsOf(*probe);
  request.container_tags = probe->container_tags;
  request.allow_exiftool = false;
  const auto metadata = ReadMetadata(request);
  ASSERT_TRUE(metadata);
  EXPECT_EQ(ToIsoString(metadata->date_time_original), "2024-07-01T10:00:00.000Z");
  EXPECT_EQ(metadata->time_zone, "Europe/Zurich");
  EXPECT_EQ(metadata->orientation, 1);
  EXPECT_EQ(metadata->width, 320);
  EXPECT_EQ(metadata->duration_ms, 1000);
  EXPECT_NEAR(*metadata->latitude, 47.3769, 1e-4);
}

TEST_F(VideoTest, StillHasTheColoursAndAnEvenSize) {
  for (const char* options : {"-c:v libx264 -pix_fmt yuv420p", "-c:v libx264 -pix_fmt yuv444p", "-c:v mpeg4"}) {
    const std::string path = Make("still.mp4", Quarters("854x480", "3") + options);
    if (path.empty()) continue;
    VideoStillRequest request{.path = path};
    request.preview.size_px = 240;
    request.thumbnail.size_px = 100;
    const auto still = RenderVideoStill(request);
    ASSERT_TRUE(still) << still.error().message;
    EXPECT_EQ(still->preview.size, (ImageSize{428, 240}));
    EXPECT_EQ(still->thumbnail.size, (ImageSize{178, 100}));
    const auto colors = QuarterColors(testing::DecodeJpegForTest(still->preview.bytes));
    EXPECT_LE(Distance(colors[0], testing::kRed), 12) << options;
    EXPECT_LE(Distance(colors[1], testing::kGreen), 12) << options;
    EXPECT_LE(Distance(colors[2], testing::kBlue), 12) << options;
    EXPECT_LE(Distance(colors[3], testing::kGrey), 6) << options;
  }
}

TEST_F(VideoTest, RotatedVideosComeOutUpright) {
  const std::string path = Make("rotated.mp4", Quarters("320x180", "1") + "-c:v libx264 -pix_fmt yuv420p");
  if (path.empty()) GTEST_SKIP() << "no libx264";
  if (std::system(("exiftool -q -overwrite_original -Rotation=90 " + path).c_str()) != 0) GTEST_SKIP() << "no exiftool";
  const auto probe = ProbeVideo(path);
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->video_streams[0].rotation_degrees, -90);
  const auto still = RenderVideoStill({.path = path});
  ASSERT_TRUE(still);
  EXPECT_EQ(still->preview.size, (ImageSize{180, 320}));
  const auto colors = QuarterColors(testing::DecodeJpegForTest(still->preview.bytes));
  EXPECT_LE(Distance(colors[0], testing::kBlue), 12);
  EXPECT_LE(Distance(colors[1], testing::kRed), 12);
}

TEST_F(VideoTest, TheStillIsTheSecondScene) {
  const std::string path =
      Make("scenes.mp4",
           "-f lavfi -i \"color=c=black:s=320x180:r=12:d=3[a];color=c=0xdc1e1e:s=320x180:r=12:d=3[b];"
           "[a][b]concat\" -c:v libx264 -g 12 -pix_fmt yuv420p");
  if (path.empty()) GTEST_SKIP() << "no libx264";
  const auto still = RenderVideoStill({.path = path});
  ASSERT_TRUE(still);
  EXPECT_LE(Distance(QuarterColors(testing::DecodeJpegForTest(still->preview.bytes))[0], testing::kRed), 12);
}

TEST_F(VideoTest, HdrIsDetectedAndToneMapped) {
  const std::string path =
      Make("hdr.mp4", Quarters("320x180", "1") +
                          "-vf format=yuv420p10le -c:v libx265 -x265-params "
                          "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc");
  if (path.empty()) GTEST_SKIP() << "no libx265";
  const auto probe = ProbeVideo(path);
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->video_streams[0].is_hdr());
  EXPECT_EQ(probe->video_streams[0].color_primaries, 9);
  const auto still = RenderVideoStill({.path = path});
  ASSERT_TRUE(still) << still.error().message;
  // PQ code 0.5 is 92 cd/m², a little under half of white.
  const auto colors = QuarterColors(testing::DecodeJpegForTest(still->preview.bytes));
  EXPECT_GT(colors[3][0], 150);
  EXPECT_LT(colors[3][0], 210);
}

TEST_F(VideoTest, AnimatedGifsAreVideos) {
  const std::string path = Make("a.gif", Quarters("160x120", "2"));
  ASSERT_FALSE(path.empty());
  const auto probe = ProbeVideo(path);
  ASSERT_TRUE(probe);
  EXPECT_NEAR(*probe->duration_seconds, 2, 0.2);
  const auto still = RenderVideoStill({.path = path});
  ASSERT_TRUE(still) << still.error().message;
  EXPECT_LE(Distance(QuarterColors(testing::DecodeJpegForTest(still->preview.bytes))[0], testing::kRed), 12);
}

TEST_F(VideoTest, PlaylistsAndBrokenFilesAreRefused) {
  const std::string target = Make("target.ts", Quarters("160x120", "1") + "-c:v mpeg2video");
  const auto write = [this](const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  };
  const std::string playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + target + "\n#EXT-X-ENDLIST\n";
  const std::string concat = "ffconcat version 1.0\nfile " + target + "\n";
  for (const std::string& path :
       {write("list.mp4", playlist), write("list.avi", concat), write("empty.mp4", ""),
        write("noise.mkv", std::string(5000, 'x')), folder_.string(), std::string("/nonexistent.mp4")}) {
    EXPECT_FALSE(ProbeVideo(path)) << path;
    EXPECT_FALSE(RenderVideoStill({.path = path})) << path;
  }
}

TEST_F(VideoTest, TruncatedVideosNeverCrash) {
  const std::string path = Make("whole.mkv", Quarters("160x120", "2") + "-c:v mpeg4");
  ASSERT_FALSE(path.empty());
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (size_t length = 0; length < bytes.size(); length += bytes.size() / 17) {
    const testing::TemporaryFile file(".mkv", bytes.substr(0, length));
    ProbeVideo(file.path());
    RenderVideoStill({.path = file.path()});
  }
}

}  // namespace
}  // namespace immich::media
