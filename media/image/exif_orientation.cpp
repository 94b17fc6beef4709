#include "media/image/exif_orientation.hpp"

#include <algorithm>
#include <cstddef>

namespace immich::media {
namespace {

constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kTypeShort = 3;
constexpr size_t kEntryBytes = 12;
constexpr uint8_t kApp1Header[] = {'E', 'x', 'i', 'f', 0, 0};

/// Bounds-checked numbers in the byte order of the block; 0 outside it.
struct TiffView {
  std::span<const uint8_t> bytes;
  bool little_endian = false;

  uint32_t Number(size_t offset, size_t length) const {
    if (length > bytes.size() || offset > bytes.size() - length) return 0;
    uint32_t value = 0;
    for (size_t i = 0; i < length; ++i) value = value << 8 | bytes[offset + (little_endian ? length - 1 - i : i)];
    return value;
  }
};

}  // namespace

Orientation OrientationOfExif(std::span<const uint8_t> tiff) {
  if (tiff.size() < 8 || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) return Orientation::kUpright;
  const TiffView view{tiff, tiff[0] == 'I'};
  if (view.Number(2, 2) != 42) return Orientation::kUpright;
  const size_t directory = view.Number(4, 4);
  const size_t entries = view.Number(directory, 2);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > tiff.size()) break;
    if (view.Number(entry, 2) != kOrientationTag) continue;
    if (view.Number(entry + 2, 2) != kTypeShort) break;
    return OrientationFromExif(static_cast<int>(view.Number(entry + 8, 2)));
  }
  return Orientation::kUpright;
}

bool IsExifApp1(std::span<const uint8_t> payload) {
  return payload.size() >= std::size(kApp1Header) &&
         std::equal(std::begin(kApp1Header), std::end(kApp1Header), payload.begin());
}

Orientation OrientationOfApp1(std::span<const uint8_t> payload) {
  return IsExifApp1(payload) ? OrientationOfExif(payload.subspan(std::size(kApp1Header))) : Orientation::kUpright;
}

}  // namespace immich::media
