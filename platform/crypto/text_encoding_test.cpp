#include "platform/crypto/text_encoding.hpp"

#include <gtest/gtest.h>

#include <random>

namespace immich::crypto {
namespace {

std::string Text(const std::optional<std::vector<std::uint8_t>>& bytes) {
  return bytes ? std::string(bytes->begin(), bytes->end()) : "(refused)";
}

TEST(TextEncodingTest, Hex) {
  EXPECT_EQ(ToHex(AsBytes(std::string_view("\x00\x7f\x80\xff", 4))), "007f80ff");
  EXPECT_EQ(Text(FromHex("4a4B")), "JK");
  EXPECT_EQ(Text(FromHex("")), "");
  EXPECT_FALSE(FromHex("4"));
  EXPECT_FALSE(FromHex("4g"));
  EXPECT_FALSE(FromHex("4 "));
}

/// RFC 4648, section 10.
TEST(TextEncodingTest, Base64) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(ToBase64(AsBytes(plain)), encoded);
    EXPECT_EQ(Text(FromBase64(encoded)), plain);
  }
}

TEST(TextEncodingTest, Base64IsStrict) {
  for (const std::string_view bad :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "====", "Z===", "Zg==Zg==", "Zm-_", "Zm9v=", "=Zm9", "Zm9vé"}) {
    EXPECT_FALSE(FromBase64(bad)) << bad;
  }
}

TEST(TextEncodingTest, Base64Url) {
  EXPECT_EQ(ToBase64Url(AsBytes("\xfb\xff\xfe")), "-__-");
  EXPECT_EQ(ToBase64Url(AsBytes("f")), "Zg");
  EXPECT_EQ(Text(FromBase64Url("-__-")), "\xfb\xff\xfe");
  for (const std::string_view bad : {"Zg==", "Z", "Zh", "+//+"}) EXPECT_FALSE(FromBase64Url(bad)) << bad;
}

TEST(TextEncodingTest, Percent) {
  EXPECT_EQ(PercentEncode("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(PercentEncode("p@ss/w:rd é%"), "p%40ss%2Fw%3Ard%20%C3%A9%25");
}

TEST(TextEncodingTest, AppendsAfterWhatIsThere) {
  std::string text = "x:";
  AppendHex(text, AsBytes("J"));
  AppendBase64(text, AsBytes("f"));
  EXPECT_EQ(text, "x:4aZg==");
}

TEST(TextEncodingTest, HtmlKeepsItsMarks) {
  EXPECT_EQ(EscapeHtml(R"(<a href="x">&amp; 'ü')"), "&lt;a href=&quot;x&quot;&gt;&amp;amp; 'ü'");
  EXPECT_EQ(EscapeHtml(""), "");
}

TEST(TextEncodingTest, RandomBytesComeBack) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 300; ++size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    ASSERT_EQ(FromHex(ToHex(bytes)), bytes);
    ASSERT_EQ(FromBase64(ToBase64(bytes)), bytes);
    ASSERT_EQ(FromBase64Url(ToBase64Url(bytes)), bytes);
  }
}

/// Whatever a decoder accepts is exactly what the encoder writes, so two texts never mean the same bytes.
TEST(TextEncodingTest, DecodersAcceptOneSpelling) {
  std::mt19937 random(11);
  constexpr std::string_view kAlphabet = "AZaz09+/-_=f ";
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 9, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    if (const auto bytes = FromBase64(text)) ASSERT_EQ(ToBase64(*bytes), text);
    if (const auto bytes = FromBase64Url(text)) ASSERT_EQ(ToBase64Url(*bytes), text);
  }
}

}  // namespace
}  // namespace immich::crypto
