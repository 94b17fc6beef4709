#include "media/metadata/samsung_trailer.hpp"

#include <cstring>
#include <span>
#include <string_view>

namespace immich::media {
namespace {

constexpr uint64_t kTailBytes = 8;  // length of the directory, "SEFT"
constexpr uint64_t kMaxDirectoryBytes = 64 * 1024;
constexpr size_t kDirectoryHeaderBytes = 12;  // "SEFH", version, count
constexpr size_t kEntryBytes = 12;
constexpr uint32_t kMotionPhotoType = 0x0A30;
constexpr std::string_view kMotionPhotoName = "MotionPhoto_Data";
constexpr uint64_t kBlockHeaderBytes = 8;  // type, length of the name

uint32_t Little32(std::span<const uint8_t> bytes, size_t offset) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= static_cast<uint32_t>(bytes[offset + i]) << (8 * i);
  return value;
}

bool HasTag(std::span<const uint8_t> bytes, size_t offset, std::string_view tag) {
  return std::memcmp(bytes.data() + offset, tag.data(), tag.size()) == 0;
}

/// A block is: type, length of the name, the name, data. `block` is its position in the file.
std::optional<EmbeddedVideoTag> VideoInBlock(const PositionedFile& file, uint64_t block, uint64_t size) {
  const auto head = file.Read(block, kBlockHeaderBytes + kMotionPhotoName.size());
  if (head.size() < kBlockHeaderBytes + kMotionPhotoName.size() || size <= head.size()) return std::nullopt;
  if (Little32(head, 4) != kMotionPhotoName.size() || !HasTag(head, kBlockHeaderBytes, kMotionPhotoName)) {
    return std::nullopt;
  }
  return EmbeddedVideoTag{static_cast<int64_t>(block + head.size()), static_cast<int64_t>(size - head.size())};
}

}  // namespace

std::optional<EmbeddedVideoTag> FindSamsungTrailerVideo(const PositionedFile& file) {
  if (file.size() < kTailBytes + kDirectoryHeaderBytes) return std::nullopt;
  const auto tail = file.Read(file.size() - kTailBytes, kTailBytes);
  if (tail.size() < kTailBytes || !HasTag(tail, 4, "SEFT")) return std::nullopt;
  const uint64_t directory_bytes = Little32(tail, 0);
  if (directory_bytes < kDirectoryHeaderBytes || directory_bytes > kMaxDirectoryBytes ||
      directory_bytes > file.size() - kTailBytes) {
    return std::nullopt;
  }
  const uint64_t directory = file.size() - kTailBytes - directory_bytes;
  const auto bytes = file.Read(directory, directory_bytes);
  if (bytes.size() < directory_bytes || !HasTag(bytes, 0, "SEFH")) return std::nullopt;
  const uint32_t count = Little32(bytes, 8);
  for (size_t i = 0; i < count; ++i) {
    const size_t entry = kDirectoryHeaderBytes + i * kEntryBytes;
    if (entry + kEntryBytes > bytes.size()) break;
    const uint64_t back = Little32(bytes, entry + 4);
    const uint64_t size = Little32(bytes, entry + 8);
    if (Little32(bytes, entry) >> 16 != kMotionPhotoType || back > directory || size > back) continue;
    if (const auto video = VideoInBlock(file, directory - back, size)) return video;
  }
  return std::nullopt;
}

}  // namespace immich::media
