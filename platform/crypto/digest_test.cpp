#include "platform/crypto/digest.hpp"

#include <gtest/gtest.h>

#include <string>

#include "platform/crypto/text_encoding.hpp"

namespace immich::crypto {
namespace {

TEST(DigestTest, KnownValues) {
  EXPECT_EQ(ToHex(HashSha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(ToHex(HashSha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(ToHex(HashSha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestTest, PiecesGiveTheSameAsTheWhole) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>(i * 7);
  for (const std::size_t piece : {1u, 63u, 64u, 65u, 4096u}) {
    Sha1 sha1;
    Sha256 sha256;
    for (std::size_t i = 0; i < text.size(); i += piece) {
      sha1.Update(AsBytes(std::string_view(text).substr(i, piece)));
      sha256.Update(AsBytes(std::string_view(text).substr(i, piece)));
    }
    EXPECT_EQ(sha1.Finish(), HashSha1(text));
    EXPECT_EQ(sha256.Finish(), HashSha256(text));
    EXPECT_EQ(sha1.Finish(), HashSha1(""));
  }
}

/// Test cases 1, 2 and 6 of RFC 4231.
TEST(DigestTest, Hmac) {
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(ToHex(HmacSha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

}  // namespace
}  // namespace immich::crypto
