#include "media/metadata/webp_animation.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace immich::media {
namespace {

/// Frames looked at; an hour at 25 frames a second has 90,000.
constexpr size_t kMaxChunks = 100'000;
constexpr size_t kFileHeaderBytes = 12;   // "RIFF", size, "WEBP"
constexpr size_t kChunkHeaderBytes = 8;   // name, size
constexpr size_t kFrameDurationAt = 12;   // behind position and size of the frame, 24-bit milliseconds
constexpr size_t kFrameHeaderBytes = 16;  // of an ANMF chunk

bool StartsWith(std::span<const uint8_t> bytes, size_t at, std::string_view text) {
  return bytes.size() >= at + text.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()) + at, text.size()) == text;
}

uint32_t LittleEndian(std::span<const uint8_t> bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

}  // namespace

std::optional<double> WebpAnimationSeconds(const PositionedFile& file) {
  const auto head = file.Read(0, kFileHeaderBytes);
  if (!StartsWith(head, 0, "RIFF") || !StartsWith(head, 8, "WEBP")) return std::nullopt;
  uint64_t milliseconds = 0;
  bool animated = false;
  uint64_t position = kFileHeaderBytes;
  for (size_t count = 0; count < kMaxChunks && position < file.size(); ++count) {
    const auto chunk = file.Read(position, kChunkHeaderBytes + kFrameHeaderBytes);
    if (chunk.size() < kChunkHeaderBytes) break;
    if (StartsWith(chunk, 0, "ANMF") && chunk.size() == kChunkHeaderBytes + kFrameHeaderBytes) {
      animated = true;
      milliseconds += LittleEndian(std::span(chunk).subspan(kChunkHeaderBytes + kFrameDurationAt, 3));
    }
    const uint64_t size = LittleEndian(std::span(chunk).subspan(4, 4));
    position += kChunkHeaderBytes + size + (size & 1);
  }
  return animated ? std::optional(static_cast<double>(milliseconds) / 1000) : std::nullopt;
}

}  // namespace immich::media
