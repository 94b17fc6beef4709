#include "ml/imaging/rgb_decoder.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <turbojpeg.h>
#include <unistd.h>
#include <webp/decode.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <memory>
#include <string>
#include <type_traits>

#include "media/image/still_module.hpp"
#include "media/module/module_loader.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

struct DestroyJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using JpegHandle = std::unique_ptr<void, DestroyJpeg>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct JpegHead {
  PictureSize size;
  bool is_cmyk = false;
};

void CheckSize(PictureSize size) {
  if (size.width <= 0 || size.height <= 0) throw BadRequest("The image has no pixels");
  if (std::int64_t{size.width} * size.height > kMaxPicturePixels) {
    throw BadRequest("The image has more pixels than allowed");
  }
}

JpegHandle OpenJpeg(std::string_view bytes, JpegHead& head) {
  JpegHandle handle(tjInitDecompress());
  if (!handle) throw Unavailable("No memory for a JPEG decoder");
  int subsampling = 0;
  int color = 0;
  if (tjDecompressHeader3(handle.get(), Bytes(bytes), bytes.size(), &head.size.width, &head.size.height, &subsampling,
                          &color) != 0) {
    throw BadRequest("The image cannot be read: " + std::string(tjGetErrorStr2(handle.get())));
  }
  head.is_cmyk = color == TJCS_CMYK || color == TJCS_YCCK;
  CheckSize(head.size);
  return handle;
}

void DecodePixels(void* handle, std::string_view bytes, PictureSize size, int format, std::uint8_t* pixels) {
  const int failed =
      tjDecompress2(handle, Bytes(bytes), bytes.size(), pixels, size.width, 0, size.height, format, TJFLAG_ACCURATEDCT);
  if (failed == 0) return;
  const std::string reason = tjGetErrorStr2(handle);
  // Most warnings are about bytes between markers, which every decoder takes.
  const bool harmless = tjGetErrorCode(handle) == TJERR_WARNING && reason.find("Premature end") == std::string::npos;
  if (!harmless) throw BadRequest("The image cannot be decoded: " + reason);
}

/// Adobe writes CMYK inverted: 255 is no ink.
RgbImage FromInvertedCmyk(PictureSize size, const std::vector<std::uint8_t>& cmyk) {
  RgbImage image = RgbImage::Make(size.width, size.height);
  for (std::size_t i = 0; i < cmyk.size() / 4; ++i) {
    const unsigned key = cmyk[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      image.pixels[3 * i + c] = static_cast<std::uint8_t>((cmyk[4 * i + c] * key + 127) / 255);
    }
  }
  return image;
}

/// A file in memory with a path, for decoders that take paths.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(memfd_create("picture", MFD_CLOEXEC)) {
    if (fd_ < 0) throw Unavailable("No memory for the image");
    while (!bytes.empty()) {
      const ssize_t written = write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        close(fd_);
        throw Unavailable("No memory for the image");
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

std::uint8_t ClampByte(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

/// Full-range BT.601, as in JFIF.
RgbImage FromPlanes(const media::PlanarImage& planes) {
  RgbImage image = RgbImage::Make(planes.y.width(), planes.y.height());
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* luma = planes.y.Row(y);
    const std::uint8_t* cb = planes.cb.Row(y);
    const std::uint8_t* cr = planes.cr.Row(y);
    std::uint8_t* out = image.Row(y);
    for (int x = 0; x < image.width; ++x, out += 3) {
      const float blue = static_cast<float>(cb[x]) - 128.0F;
      const float red = static_cast<float>(cr[x]) - 128.0F;
      const float grey = luma[x];
      out[0] = ClampByte(grey + 1.402F * red);
      out[1] = ClampByte(grey - 0.344136F * blue - 0.714136F * red);
      out[2] = ClampByte(grey + 1.772F * blue);
    }
  }
  return image;
}

std::expected<media::DecodedImage, media::Failure> DecodeWith(const char* module_name,
                                                              const media::DecodeRequest& request) {
  const auto module = media::ModuleTable<media::StillModule>(module_name, media::kDecoderModuleEntry);
  if (!module) return std::unexpected(module.error());
  return (*module)->decode(request);
}

bool BelongsToStills(std::string_view bytes) {
  return bytes.starts_with("\xFF\x0A") || bytes.substr(0, 12).ends_with("JXL ") || bytes.substr(4, 4) == "ftyp";
}

/// libwebp's simple interface does not read them.
bool IsAnimatedWebp(std::string_view bytes) {
  constexpr std::size_t kFlags = 20;
  constexpr unsigned char kAnimation = 2;
  return bytes.size() > kFlags && bytes.substr(12, 4) == "VP8X" && (Bytes(bytes)[kFlags] & kAnimation) != 0;
}

}  // namespace

PictureFormat FormatOf(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return PictureFormat::kJpeg;
  if (bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP") {
    return IsAnimatedWebp(bytes) ? PictureFormat::kOther : PictureFormat::kWebp;
  }
  return PictureFormat::kOther;
}

PictureSize ReadJpegSize(std::string_view bytes) {
  JpegHead head;
  OpenJpeg(bytes, head);
  return head.size;
}

RgbImage DecodeJpeg(std::string_view bytes, int denominator) {
  JpegHead head;
  const JpegHandle handle = OpenJpeg(bytes, head);
  const auto scaled = [&](int edge) { return (edge + denominator - 1) / denominator; };
  const PictureSize size{scaled(head.size.width), scaled(head.size.height)};
  if (head.is_cmyk) {
    std::vector<std::uint8_t> cmyk(static_cast<std::size_t>(size.width) * size.height * 4);
    DecodePixels(handle.get(), bytes, size, TJPF_CMYK, cmyk.data());
    return FromInvertedCmyk(size, cmyk);
  }
  RgbImage image = RgbImage::Make(size.width, size.height);
  DecodePixels(handle.get(), bytes, size, TJPF_RGB, image.pixels.data());
  return image;
}

PictureSize ReadWebpSize(std::string_view bytes) {
  PictureSize size;
  if (WebPGetInfo(Bytes(bytes), bytes.size(), &size.width, &size.height) == 0) {
    throw BadRequest("The image cannot be read: not a WebP file");
  }
  CheckSize(size);
  return size;
}

RgbImage DecodeWebp(std::string_view bytes, PictureSize target) {
  const PictureSize native = ReadWebpSize(bytes);
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw InternalError("libwebp has another version");
  RgbImage image = RgbImage::Make(target.width, target.height);
  config.options.use_scaling = target.width != native.width || target.height != native.height ? 1 : 0;
  config.options.scaled_width = target.width;
  config.options.scaled_height = target.height;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {image.pixels.data(), target.width * 3, image.pixels.size()};
  const VP8StatusCode status = WebPDecode(Bytes(bytes), bytes.size(), &config);
  if (status != VP8_STATUS_OK) throw BadRequest("The image cannot be decoded: WebP status " + std::to_string(status));
  return image;
}

std::optional<PictureSize> ReadPngSize(std::string_view bytes) {
  constexpr std::size_t kHeadBytes = 24;
  if (bytes.size() < kHeadBytes || !bytes.starts_with("\x89PNG\r\n\x1A\n")) return std::nullopt;
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | Bytes(bytes)[at + i];
    return static_cast<int>(std::min<std::uint32_t>(value, 0x7FFF'FFFF));
  };
  const PictureSize size{number(16), number(20)};
  CheckSize(size);
  return size;
}

RgbImage DecodeByModules(std::string_view bytes, int shorter_edge_px, PictureSize& native) {
  if (bytes.size() < 12) throw BadRequest("The image cannot be read: it is too short");
  const MemoryFile file(bytes);
  media::DecodeRequest request;
  request.path = file.path();
  request.shorter_edge_px = shorter_edge_px;
  request.max_pixels = kMaxPicturePixels;
  std::expected<media::DecodedImage, media::Failure> decoded =
      media::Fail(media::FailureKind::kUnsupported, "no decoder");
  if (BelongsToStills(bytes)) decoded = DecodeWith(media::kStillModuleName, request);
  if (!decoded && decoded.error().kind == media::FailureKind::kUnsupported) {
    decoded = DecodeWith(media::kVipsModuleName, request);
  }
  if (!decoded) {
    if (decoded.error().kind == media::FailureKind::kInternal) throw InternalError(decoded.error().message);
    throw BadRequest("The image cannot be decoded: " + decoded.error().message);
  }
  const bool swap = media::SwapsAxes(decoded->pending);
  native = {swap ? decoded->full_size.height : decoded->full_size.width,
            swap ? decoded->full_size.width : decoded->full_size.height};
  CheckSize(native);
  return FromPlanes(decoded->planes);
}

}  // namespace immich::ml
