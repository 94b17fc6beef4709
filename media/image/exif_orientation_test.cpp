#include "media/image/exif_orientation.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace immich::media {
namespace {

/// IFD0 with one entry.
std::vector<uint8_t> TiffWith(uint8_t tag_low, uint8_t type, uint8_t value, bool little_endian) {
  if (little_endian) {
    return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, tag_low, 1, type, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
  }
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, tag_low, 0, type, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
}

TEST(ExifOrientationTest, ReadsBothByteOrders) {
  for (uint8_t value = 1; value <= 8; ++value) {
    EXPECT_EQ(OrientationOfExif(TiffWith(0x12, 3, value, true)), static_cast<Orientation>(value));
    EXPECT_EQ(OrientationOfExif(TiffWith(0x12, 3, value, false)), static_cast<Orientation>(value));
  }
}

TEST(ExifOrientationTest, ValuesOutsideTheRangeAreUpright) {
  EXPECT_EQ(OrientationOfExif(TiffWith(0x12, 3, 0, true)), Orientation::kUpright);
  EXPECT_EQ(OrientationOfExif(TiffWith(0x12, 3, 9, true)), Orientation::kUpright);
  EXPECT_EQ(OrientationOfExif(TiffWith(0x12, 4, 6, true)), Orientation::kUpright);
  EXPECT_EQ(OrientationOfExif(TiffWith(0x10, 3, 6, true)), Orientation::kUpright);
}

TEST(ExifOrientationTest, EveryTruncationIsHarmless) {
  const std::vector<uint8_t> whole = TiffWith(0x12, 3, 6, false);
  for (size_t length = 0; length < 20; ++length) {
    const std::vector<uint8_t> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    EXPECT_EQ(OrientationOfExif(cut), Orientation::kUpright) << length;
  }
}

TEST(ExifOrientationTest, DirectoryOffsetBeyondTheBlockIsHarmless) {
  std::vector<uint8_t> tiff = TiffWith(0x12, 3, 6, true);
  tiff[4] = tiff[5] = tiff[6] = tiff[7] = 0xFF;
  EXPECT_EQ(OrientationOfExif(tiff), Orientation::kUpright);
}

TEST(ExifOrientationTest, App1NeedsItsHeader) {
  std::vector<uint8_t> payload = {'E', 'x', 'i', 'f', 0, 0};
  const std::vector<uint8_t> tiff = TiffWith(0x12, 3, 8, true);
  payload.insert(payload.end(), tiff.begin(), tiff.end());
  EXPECT_EQ(OrientationOfApp1(payload), Orientation::kRotate270);
  payload[0] = 'X';
  EXPECT_EQ(OrientationOfApp1(payload), Orientation::kUpright);
}

}  // namespace
}  // namespace immich::media
