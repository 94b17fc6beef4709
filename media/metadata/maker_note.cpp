#include "media/metadata/maker_note.hpp"

#include <string>
#include <string_view>

#include "media/metadata/byte_view.hpp"

namespace immich::media {
namespace {

constexpr std::string_view kSignature("Apple iOS\0", 10);
constexpr size_t kDirectoryOffset = 14;  // signature, version 00 01, byte order "MM"
constexpr uint16_t kTypeAscii = 2;
constexpr uint16_t kBurstUuid = 0x000B;
constexpr uint16_t kContentIdentifier = 0x0011;

/// An ASCII entry: up to four bytes stand in the entry itself, longer ones at an offset from the start of the note.
std::string AsciiValue(std::span<const uint8_t> note, std::span<const uint8_t> entry, uint32_t count) {
  constexpr size_t kInline = 4;
  constexpr size_t kValueOffset = 8;
  if (count <= kInline) return std::string(ByteView(entry.subspan(kValueOffset, count)).ZeroTerminated());
  ByteView value(entry.subspan(kValueOffset));
  const uint32_t offset = value.U32();
  if (offset > note.size() || count > note.size() - offset) return {};
  return std::string(ByteView(note.subspan(offset, count)).ZeroTerminated());
}

}  // namespace

void AddAppleMakerNote(std::span<const uint8_t> maker_note, TagSet& tags) {
  const std::string_view text(reinterpret_cast<const char*>(maker_note.data()), maker_note.size());
  if (!text.starts_with(kSignature) || maker_note.size() < kDirectoryOffset + 2) return;
  ByteView view(maker_note.subspan(kDirectoryOffset));
  const uint16_t entries = view.U16();
  constexpr size_t kEntryBytes = 12;
  for (uint16_t i = 0; i < entries; ++i) {
    const auto entry = view.Take(kEntryBytes);
    if (view.failed()) return;
    ByteView fields(entry);
    const uint16_t tag = fields.U16();
    const uint16_t type = fields.U16();
    const uint32_t count = fields.U32();
    if (type != kTypeAscii || (tag != kBurstUuid && tag != kContentIdentifier)) continue;
    std::string value = AsciiValue(maker_note, entry, count);
    if (!value.empty()) tags.AddText(tag == kBurstUuid ? "BurstUUID" : "ContentIdentifier", std::move(value));
  }
}

}  // namespace immich::media
