#include "media/metadata/xmp_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace immich::media {
namespace {

std::vector<uint8_t> Utf16(std::u16string_view text, bool big_endian) {
  std::vector<uint8_t> bytes;
  for (const char16_t unit : text) {
    const auto high = static_cast<uint8_t>(unit >> 8);
    const auto low = static_cast<uint8_t>(unit & 255);
    bytes.push_back(big_endian ? high : low);
    bytes.push_back(big_endian ? low : high);
  }
  return bytes;
}

TEST(XmpTextTest, Utf16InBothOrdersWithAndWithoutMark) {
  for (const bool big_endian : {false, true}) {
    EXPECT_EQ(XmpTextFromBytes(Utf16(u"\uFEFF<x>\u00FC\u20AC\U0001F600</x>", big_endian)), "<x>ü€😀</x>");
    EXPECT_EQ(XmpTextFromBytes(Utf16(u"<x/>", big_endian)), "<x/>");
  }
}

TEST(XmpTextTest, Utf8StaysAndLosesItsMark) {
  const std::string text = "\xEF\xBB\xBF<x>ü</x>";
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  EXPECT_EQ(XmpTextFromBytes(bytes), "<x>ü</x>");
  EXPECT_EQ(XmpTextFromBytes({}), "");
}

TEST(XmpTextTest, LoneSurrogatesAndOddBytesDoNotHurt) {
  std::vector<uint8_t> bytes =
      Utf16(std::u16string{u'<', static_cast<char16_t>(0xD800), u'a', static_cast<char16_t>(0xDC00)}, false);
  bytes.push_back(7);
  EXPECT_EQ(XmpTextFromBytes(bytes),
            "<\xEF\xBF\xBD"
            "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace immich::media
