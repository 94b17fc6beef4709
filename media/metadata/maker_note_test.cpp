#include "media/metadata/maker_note.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace immich::media {
namespace {

constexpr char kUuid[] = "6D2DDB31-4F4E-4F4B-9B39-2A5B2C0B7E11";

/// Two ASCII entries: a content identifier behind the directory and a burst id of three letters in its entry.
std::vector<uint8_t> AppleNote() {
  std::string note("Apple iOS\0\0\1MM\0\2", 16);
  note += std::string("\0\x0B\0\2\0\0\0\4abc\0", 12);
  note += std::string("\0\x11\0\2\0\0\0\x25\0\0\0\x28", 12);
  note += kUuid;
  note += '\0';
  return {note.begin(), note.end()};
}

TEST(MakerNoteTest, AppleIdentifiers) {
  TagSet tags;
  AddAppleMakerNote(AppleNote(), tags);
  EXPECT_EQ(tags.TextOf("ContentIdentifier"), kUuid);
  EXPECT_EQ(tags.TextOf("BurstUUID"), "abc");
}

TEST(MakerNoteTest, TruncatedAndForeignNotesAreHarmless) {
  const auto note = AppleNote();
  for (size_t length = 0; length < note.size(); ++length) {
    TagSet tags;
    AddAppleMakerNote(std::span(note).first(length), tags);
    EXPECT_FALSE(tags.Has("ContentIdentifier")) << length;
  }
  auto nikon = note;
  nikon[0] = 'N';
  TagSet tags;
  AddAppleMakerNote(nikon, tags);
  EXPECT_TRUE(tags.tags.empty());
}

}  // namespace
}  // namespace immich::media
