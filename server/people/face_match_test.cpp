#include "server/people/face_match.hpp"

#include <gtest/gtest.h>

namespace immich::people {
namespace {

KnownFace Known(PixelBox box, bool is_found = true, int size = 100) {
  return {.id = FaceId::Random(), .is_found = is_found, .box = box, .image_width = size, .image_height = size};
}

FaceReading Reading(std::vector<PixelBox> boxes) {
  FaceReading reading{.image_width = 100, .image_height = 100, .faces = {}};
  for (const PixelBox& box : boxes) reading.faces.push_back({.box = box, .score = 0.9, .embedding = "[1]"});
  return reading;
}

TEST(FaceMatchTest, OverlapIsIntersectionOverUnion) {
  EXPECT_DOUBLE_EQ(Overlap({0, 0, 10, 10}, {0, 0, 10, 10}), 1);
  EXPECT_DOUBLE_EQ(Overlap({0, 0, 10, 10}, {5, 0, 15, 10}), 50.0 / 150);
  EXPECT_DOUBLE_EQ(Overlap({0, 0, 10, 10}, {20, 0, 30, 10}), 0);
  EXPECT_DOUBLE_EQ(Overlap({0, 0, 0, 0}, {0, 0, 0, 0}), 0);
}

TEST(FaceMatchTest, KeepsAddsConfirmsAndLoses) {
  const KnownFace kept = Known({0, 0, 20, 20});
  const KnownFace by_hand = Known({40, 40, 60, 60}, false);
  const KnownFace lost = Known({80, 80, 90, 90});
  const KnownFace untouched = Known({0, 80, 10, 90}, false);
  const FaceMatch match =
      MatchFaces({kept, by_hand, lost, untouched}, Reading({{1, 1, 21, 21}, {41, 41, 61, 61}, {70, 0, 90, 20}}));
  EXPECT_EQ(match.added, std::vector<std::size_t>{2});
  ASSERT_EQ(match.confirmed.size(), 1);
  EXPECT_EQ(match.confirmed[0].first, by_hand.id);
  EXPECT_EQ(match.confirmed[0].second, 1);
  EXPECT_EQ(match.lost, std::vector<FaceId>{lost.id});
}

TEST(FaceMatchTest, BoxesOfAnotherPictureSizeAreScaled) {
  const KnownFace known = Known({0, 0, 200, 200}, true, 1000);
  const FaceMatch match = MatchFaces({known}, Reading({{0, 0, 20, 20}}));
  EXPECT_TRUE(match.added.empty());
  EXPECT_TRUE(match.lost.empty());
}

TEST(FaceMatchTest, OneKnownFaceStandsForOneDetection) {
  const FaceMatch match = MatchFaces({Known({0, 0, 20, 20})}, Reading({{0, 0, 20, 20}, {1, 0, 21, 20}}));
  EXPECT_EQ(match.added.size(), 1);
}

}  // namespace
}  // namespace immich::people
