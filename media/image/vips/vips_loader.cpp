#include "media/image/vips/vips_loader.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "media/image/still_decoder.hpp"

namespace immich::media {
namespace {

constexpr size_t kSniffBytes = 4096;
constexpr size_t kMaxSvgBytes = 64 * 1024 * 1024;

/// The largest of 1, 2, 4, 8 whose reciprocal is at least `scale`.
int JpegShrink(double scale) {
  int shrink = 1;
  while (shrink < 8 && 1.0 / (2 * shrink) >= scale) shrink *= 2;
  return shrink;
}

}  // namespace

std::unexpected<Failure> VipsFailure(FailureKind kind) {
  std::string message = vips_error_buffer();
  vips_error_clear();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return Fail(kind, std::move(message));
}

std::expected<VipsLoader::Format, Failure> VipsLoader::Sniff(const std::string& path) {
  const auto bytes = ReadFileHead(path, kSniffBytes);
  if (!bytes) return std::unexpected(bytes.error());
  const std::string_view head(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  struct Magic {
    std::string_view start;
    Format format;
  };
  static constexpr auto kMagics = std::to_array<Magic>({
      {"\x89PNG\r\n\x1A\n", Format::kPng},
      {"\xFF\xD8\xFF", Format::kJpeg},
      {"GIF8", Format::kGif},
      {std::string_view("II*\0", 4), Format::kTiff},
      {std::string_view("MM\0*", 4), Format::kTiff},
      {std::string_view("II+\0", 4), Format::kTiff},
      {std::string_view("MM\0+", 4), Format::kTiff},
      {std::string_view("\0\0\0\x0CjP  ", 8), Format::kJpeg2000},
      {"\xFF\x4F\xFF\x51", Format::kJpeg2000},
      {"BM", Format::kMagick},
      {"8BPS", Format::kMagick},
  });
  for (const Magic& magic : kMagics) {
    if (head.starts_with(magic.start)) return magic.format;
  }
  if (head.starts_with("RIFF") && head.substr(8, 4) == "WEBP") return Format::kWebp;
  if (head.find("<svg") != std::string_view::npos) return Format::kSvg;
  return Fail(FailureKind::kUnsupported, head.empty() ? "the file is empty" : "not a picture format we read");
}

std::expected<VipsLoader, Failure> VipsLoader::ForFile(const std::string& path, bool tolerate_truncated) {
  const auto format = Sniff(path);
  if (!format) return std::unexpected(format.error());
  VipsLoader loader(path, *format, tolerate_truncated ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_ERROR);
  if (*format == Format::kSvg) {
    auto text = ReadFileBytes(path);
    if (!text) return std::unexpected(text.error());
    if (text->size() > kMaxSvgBytes) return Fail(FailureKind::kTooLarge, "an SVG of more than 64 MiB");
    loader.svg_ = std::make_shared<const std::vector<uint8_t>>(std::move(*text));
  }
  return loader;
}

std::expected<VipsHandle, Failure> VipsLoader::Open(double scale) const {
  constexpr VipsAccess kAccess = VIPS_ACCESS_SEQUENTIAL;
  const char* path = path_.c_str();
  VipsImage* out = nullptr;
  int failed = -1;
  switch (format_) {
    case Format::kPng:
      failed = vips_pngload(path, &out, "access", kAccess, "fail_on", fail_on_, nullptr);
      break;
    case Format::kJpeg:
      failed = vips_jpegload(path, &out, "access", kAccess, "fail_on", fail_on_, "shrink", JpegShrink(scale), nullptr);
      break;
    case Format::kWebp:
      failed = vips_webpload(path, &out, "access", kAccess, "fail_on", fail_on_, "scale", scale, nullptr);
      break;
    case Format::kGif:
      failed = vips_gifload(path, &out, "access", kAccess, "fail_on", fail_on_, nullptr);
      break;
    case Format::kTiff:
      failed = vips_tiffload(path, &out, "access", kAccess, "fail_on", fail_on_, nullptr);
      break;
    case Format::kSvg:
      failed = vips_svgload_buffer(const_cast<uint8_t*>(svg_->data()), svg_->size(), &out, "access", kAccess, "scale",
                                   scale, nullptr);
      break;
    case Format::kJpeg2000:
      failed = vips_jp2kload(path, &out, "access", kAccess, "fail_on", fail_on_, nullptr);
      break;
    case Format::kMagick:
      failed = vips_magickload(path, &out, "access", kAccess, "fail_on", fail_on_, nullptr);
      break;
  }
  if (failed != 0) return VipsFailure(FailureKind::kCorrupt);
  return VipsHandle(out);
}

}  // namespace immich::media
