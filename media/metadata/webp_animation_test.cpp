#include "media/metadata/webp_animation.hpp"

#include <gtest/gtest.h>

#include <string>

#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

std::string Little(uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255);
  return out;
}

std::string Chunk(const std::string& name, std::string payload) {
  const auto size = static_cast<uint32_t>(payload.size());
  if (payload.size() % 2 == 1) payload += '\0';
  return name + Little(size, 4) + payload;
}

std::string Frame(uint32_t milliseconds) {
  return Chunk("ANMF", std::string(12, '\0') + Little(milliseconds, 3) + std::string(1, '\0') + "odd");
}

std::string Riff(const std::string& chunks) {
  return "RIFF" + Little(static_cast<uint32_t>(chunks.size() + 4), 4) + "WEBP" + chunks;
}

std::optional<double> SecondsOf(const std::string& bytes) {
  const testing::TemporaryFile file(".webp", bytes);
  return WebpAnimationSeconds(PositionedFile(file.path()));
}

TEST(WebpAnimationTest, AddsUpTheFrames) {
  const std::string head = Chunk("VP8X", std::string(10, '\0')) + Chunk("ANIM", std::string(6, '\0'));
  EXPECT_EQ(SecondsOf(Riff(head + Frame(100) + Frame(70'000) + Frame(400))), 70.5);
}

TEST(WebpAnimationTest, StillsAndOtherFilesHaveNone) {
  EXPECT_EQ(SecondsOf(Riff(Chunk("VP8 ", "pixels"))), std::nullopt);
  EXPECT_EQ(SecondsOf("GIF89a and more bytes"), std::nullopt);
  EXPECT_EQ(SecondsOf(""), std::nullopt);
}

TEST(WebpAnimationTest, TruncatedAndLyingFilesAreHarmless) {
  const std::string bytes = Riff(Frame(100) + Frame(100));
  for (size_t length = 0; length < bytes.size(); ++length) SecondsOf(bytes.substr(0, length));
  EXPECT_EQ(SecondsOf(Riff(Frame(100) + "JUNK" + Little(0xFFFFFFFF, 4))), 0.1);
}

}  // namespace
}  // namespace immich::media
