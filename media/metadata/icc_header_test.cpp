#include "media/metadata/icc_header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace immich::media {
namespace {

void Append32(uint32_t value, std::vector<uint8_t>& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

/// A profile with one tag, `desc`.
std::vector<uint8_t> ProfileWith(const std::vector<uint8_t>& description, const std::string& manufacturer) {
  std::vector<uint8_t> icc(128);
  std::copy(manufacturer.begin(), manufacturer.end(), icc.begin() + 48);
  Append32(1, icc);
  Append32(0x64657363, icc);
  Append32(144, icc);
  Append32(static_cast<uint32_t>(description.size()), icc);
  icc.insert(icc.end(), description.begin(), description.end());
  return icc;
}

TEST(IccHeaderTest, ReadsBothKindsOfDescription) {
  std::vector<uint8_t> v2;
  Append32(0x64657363, v2);
  Append32(0, v2);
  Append32(5, v2);
  for (const char c : std::string("sRGB\0", 5)) v2.push_back(static_cast<uint8_t>(c));
  EXPECT_EQ(IccDescription(ProfileWith(v2, "")), "sRGB");

  std::vector<uint8_t> v4;
  Append32(0x6D6C7563, v4);
  for (const uint32_t value : {0U, 1U, 12U, 0x656E5553U, 4U, 28U}) Append32(value, v4);
  for (const char c : std::string("\0P\0003", 4)) v4.push_back(static_cast<uint8_t>(c));
  EXPECT_EQ(IccDescription(ProfileWith(v4, "")), "P3");
}

TEST(IccHeaderTest, ManufacturersArePrintedOrNone) {
  EXPECT_EQ(IccDeviceManufacturer(ProfileWith({}, "APPL")), "Apple Computer Inc.");
  EXPECT_EQ(IccDeviceManufacturer(ProfileWith({}, "ABC ")), "ABC");
  EXPECT_EQ(IccDeviceManufacturer(ProfileWith({}, "none")), "");
  EXPECT_EQ(IccDeviceManufacturer(ProfileWith({}, "")), "");
}

TEST(IccHeaderTest, EveryTruncationIsHarmless) {
  std::vector<uint8_t> v4;
  Append32(0x6D6C7563, v4);
  for (const uint32_t value : {0U, 1U, 12U, 0x656E5553U, 4U, 28U}) Append32(value, v4);
  for (const char c : std::string("\0P\0003", 4)) v4.push_back(static_cast<uint8_t>(c));
  const std::vector<uint8_t> icc = ProfileWith(v4, "");
  for (size_t length = 0; length < icc.size(); ++length) {
    EXPECT_EQ(IccDescription(std::span(icc).first(length)), "") << length;
  }
}

}  // namespace
}  // namespace immich::media
