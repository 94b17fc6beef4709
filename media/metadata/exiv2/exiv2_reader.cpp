#include "media/metadata/exiv2/exiv2_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "media/metadata/box_file.hpp"
#include "media/metadata/exiv2/exiv2_tags.hpp"
#include "media/metadata/icc_header.hpp"
#include "media/metadata/positioned_file.hpp"
#include "media/metadata/samsung_trailer.hpp"
#include "media/metadata/webp_animation.hpp"
#include "media/metadata/xmp_text.hpp"

namespace immich::media {
namespace {

constexpr size_t kMaxSidecarBytes = 16 * 1024 * 1024;

void AddIccTags(std::span<const uint8_t> icc, TagSet& tags) {
  std::string description = IccDescription(icc);
  if (!description.empty()) tags.AddText("ProfileDescription", std::move(description));
  std::string manufacturer = IccDeviceManufacturer(icc);
  if (!manufacturer.empty()) tags.AddText("DeviceManufacturer", std::move(manufacturer));
}

void AddSize(long width, long height, TagSet& tags) {
  if (width <= 0 || height <= 0) return;
  tags.AddText("ImageSize", std::to_string(width) + "x" + std::to_string(height));
  tags.AddNumber("ImageWidth", static_cast<double>(width));
  tags.AddNumber("ImageHeight", static_cast<double>(height));
}

/// EXIF and XMP that were found as raw bytes.
void AddBlocks(const std::vector<uint8_t>& exif, const std::string& xmp, TagSet& tags) {
  if (!exif.empty()) {
    Exiv2::ExifData data;
    Exiv2::ExifParser::decode(data, exif.data(), static_cast<uint32_t>(exif.size()));
    AddExifTags(data, tags);
  }
  if (!xmp.empty()) {
    Exiv2::XmpData data;
    if (Exiv2::XmpParser::decode(data, xmp) == 0) AddXmpTags(data, tags);
  }
}

TagSet TagsOfBoxes(const BoxedImage& boxes) {
  TagSet tags;
  AddBlocks(boxes.exif, boxes.xmp, tags);
  AddSize(boxes.size.width, boxes.size.height, tags);
  if (boxes.rotation) tags.AddNumber("Rotation", *boxes.rotation);
  if (boxes.bits_per_channel) tags.AddNumber("ImagePixelDepth", *boxes.bits_per_channel);
  AddIccTags(boxes.icc, tags);
  tags.heic_motion_video = boxes.motion_video;
  if (boxes.duration_seconds) tags.AddNumber("Duration", *boxes.duration_seconds);
  return tags;
}

/// Bits of a channel for formats whose header Exiv2 does not show: JPEG (8 for all that browsers read), PNG, BMP.
void AddDepth(const PositionedFile& file, TagSet& tags) {
  const auto head = file.Read(0, 32);
  constexpr std::array<uint8_t, 8> kPng = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr size_t kPngDepth = 24;
  constexpr size_t kBmpDepth = 28;
  if (head.size() >= 3 && head[0] == 0xFF && head[1] == 0xD8) tags.AddNumber("BitsPerSample", 8);
  if (head.size() > kPngDepth && std::equal(kPng.begin(), kPng.end(), head.begin())) {
    tags.AddNumber("BitDepth", head[kPngDepth]);
  }
  if (head.size() > kBmpDepth && head[0] == 'B' && head[1] == 'M') tags.AddNumber("BitDepth", head[kBmpDepth]);
}

TagSet TagsOfImage(const std::string& path, Exiv2::Image& image) {
  TagSet tags;
  const PositionedFile file(path);
  AddExifTags(image.exifData(), tags);
  AddXmpTags(image.xmpData(), tags);
  AddIptcTags(image.iptcData(), tags);
  const auto rating = image.exifData().findKey(Exiv2::ExifKey("Exif.Image.Rating"));
  if (rating != image.exifData().end() && rating->count() > 0) {
    tags.AddNumber("Rating", static_cast<double>(rating->toLong()));
  }
  AddSize(image.pixelWidth(), image.pixelHeight(), tags);
  AddDepth(file, tags);
  if (const auto seconds = WebpAnimationSeconds(file)) tags.AddNumber("Duration", *seconds);
  if (image.iccProfileDefined()) {
    const Exiv2::DataBuf* icc = image.iccProfile();
    AddIccTags({icc->pData_, static_cast<size_t>(icc->size_)}, tags);
  }
  if (tags.Has("BitsPerSample")) tags.samsung_trailer_video = FindSamsungTrailerVideo(file);
  return tags;
}

std::array<uint8_t, 16> HeadOf(const PositionedFile& file) {
  std::array<uint8_t, 16> head{};
  std::ranges::copy(file.Read(0, head.size()), head.begin());
  return head;
}

std::expected<TagSet, Failure> ReadUnguarded(const std::string& path) {
  const PositionedFile file(path);
  if (!file.is_open()) return Fail(FailureKind::kNotFound, "cannot be opened");
  if (LooksLikeBoxedImage(HeadOf(file))) {
    const auto boxes = ReadBoxedImage(path);
    if (!boxes) return std::unexpected(boxes.error());
    return TagsOfBoxes(*boxes);
  }
  const auto image = Exiv2::ImageFactory::open(path);
  image->readMetadata();
  return TagsOfImage(path, *image);
}

std::string PanoramaPacketOf(const Exiv2::XmpData& xmp) {
  Exiv2::XmpData panorama;
  for (const auto& datum : xmp) {
    if (datum.groupName() == "GPano") panorama.add(datum);
  }
  std::string packet;
  if (!panorama.empty()) {
    Exiv2::XmpParser::encode(packet, panorama,
                             Exiv2::XmpParser::omitPacketWrapper | Exiv2::XmpParser::useCompactFormat);
  }
  return packet;
}

}  // namespace

std::expected<TagSet, Failure> ReadPictureTags(const std::string& path) {
  PrepareExiv2();
  try {
    return ReadUnguarded(path);
  } catch (const std::exception& error) {
    return Fail(FailureKind::kUnsupported, error.what());
  }
}

std::expected<TagSet, Failure> ReadSidecarTags(const std::string& path) {
  PrepareExiv2();
  const PositionedFile file(path);
  if (!file.is_open()) return Fail(FailureKind::kNotFound, "cannot be opened");
  if (file.size() > kMaxSidecarBytes) return Fail(FailureKind::kTooLarge, "larger than a sidecar can be");
  const std::string packet = XmpTextFromBytes(file.Read(0, file.size()));
  try {
    Exiv2::XmpData data;
    if (Exiv2::XmpParser::decode(data, packet) != 0) return Fail(FailureKind::kCorrupt, "not an XMP packet");
    TagSet tags;
    AddXmpTags(data, tags);
    return tags;
  } catch (const std::exception& error) {
    return Fail(FailureKind::kCorrupt, error.what());
  }
}

std::string ReadPanoramaPacket(const std::string& path) {
  PrepareExiv2();
  try {
    const auto image = Exiv2::ImageFactory::open(path);
    image->readMetadata();
    return PanoramaPacketOf(image->xmpData());
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace immich::media
