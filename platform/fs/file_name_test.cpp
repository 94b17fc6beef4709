#include "platform/fs/file_name.hpp"

#include <gtest/gtest.h>

#include <random>

namespace immich::fs {
namespace {

TEST(FileNameTest, KeepsOrdinaryNames) {
  for (const std::string_view name :
       {"IMG_0001.jpg", "Ürlaub – Strand (2).heic", "東京.png", ".hidden", "a..b", "🏖.gif"}) {
    EXPECT_EQ(SanitizeFileName(name), name);
  }
}

TEST(FileNameTest, RemovesWhatIsDangerous) {
  EXPECT_EQ(SanitizeFileName("../../etc/passwd"), "....etcpasswd");
  EXPECT_EQ(SanitizeFileName("a/b\\c:d*e?f\"g<h>i|j"), "abcdefghij");
  EXPECT_EQ(SanitizeFileName(std::string("a\0b\n\x1f\x7f\xC2\x80", 8) + "c"), "abc");
  EXPECT_EQ(SanitizeFileName("bad\xFF\xC0\xAFutf8\xED\xA0\x80"), "badutf8");
  EXPECT_EQ(SanitizeFileName(".."), "");
  EXPECT_EQ(SanitizeFileName("/../"), "");
  EXPECT_EQ(SanitizeFileName(""), "");
  EXPECT_EQ(SanitizeFileName("name. . "), "name");
}

TEST(FileNameTest, RefusesReservedNames) {
  for (const std::string_view name : {"con", "CON", "nul.txt", "Aux.tar.gz", "com1", "LPT9.log"}) {
    EXPECT_EQ(SanitizeFileName(name), "") << name;
  }
  for (const std::string_view name : {"console", "com", "com10", "nulls.txt"}) {
    EXPECT_EQ(SanitizeFileName(name), name);
  }
}

TEST(FileNameTest, CutsBetweenCharacters) {
  std::string name;
  while (name.size() < 300) name += "é";
  EXPECT_EQ(SanitizeFileName(name).size(), 254u);
  EXPECT_EQ(SanitizeFileName(std::string(400, 'a')), std::string(255, 'a'));
  EXPECT_EQ(CutUtf8("aé", 2), "a");
  EXPECT_EQ(CutUtf8("a\xFF"
                    "b",
                    9),
            "a");
}

/// Whatever comes in, what goes out is one harmless path component, and stays as it is when cleaned again.
TEST(FileNameTest, AnyBytesGiveASafeName) {
  std::mt19937 random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string name(random() % 12, '\0');
    for (char& c : name)
      c = static_cast<char>(random() % 3 == 0 ? random() % 256 : std::string_view("./ conCON1é")[random() % 12]);
    const std::string clean = SanitizeFileName(name);
    ASSERT_EQ(clean.find_first_of(std::string_view("/\0\n", 3)), std::string::npos);
    ASSERT_TRUE(clean != "." && clean != "..");
    ASSERT_EQ(CutUtf8(clean, clean.size()), clean);
    ASSERT_LE(clean.size(), kMaxFileNameBytes);
  }
}

TEST(FileNameTest, NormalizesPaths) {
  EXPECT_EQ(NormalizePath("/a/./b//../c/"), "/a/c");
  EXPECT_EQ(NormalizePath("/../.."), "/");
  EXPECT_EQ(NormalizePath("a/../../b"), "../b");
  EXPECT_EQ(NormalizePath("a/.."), ".");
  EXPECT_EQ(NormalizePath(""), ".");
}

TEST(FileNameTest, Inside) {
  EXPECT_TRUE(IsInside("/data", "/data"));
  EXPECT_TRUE(IsInside("/data/", "/data/upload/x.jpg"));
  EXPECT_TRUE(IsInside("/data", "/data/a/../b"));
  EXPECT_TRUE(IsInside("/", "/etc"));
  EXPECT_FALSE(IsInside("/data", "/database/x"));
  EXPECT_FALSE(IsInside("/data", "/data/../etc/passwd"));
  EXPECT_FALSE(IsInside("/data", "data/x"));
  EXPECT_FALSE(IsInside("", "/data"));
  EXPECT_FALSE(IsInside("/data", std::string_view("/data/a\0/../../etc", 18)));
}

}  // namespace
}  // namespace immich::fs
