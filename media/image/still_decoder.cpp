#include "media/image/still_decoder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "media/image/color/icc_profile.hpp"
#include "media/image/jpeg/jpeg_decoder.hpp"
#include "media/image/still_module.hpp"
#include "media/mime/media_types.hpp"
#include "media/module/module_loader.hpp"

namespace immich::media {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Failure> NotReadable() {
  return Fail(FailureKind::kNotFound, std::strerror(errno));
}

enum class Reader { kJpeg, kStills, kVips };

/// Who reads a file, by its first bytes; RAW by its name, because most RAW files start like a TIFF.
std::expected<Reader, Failure> ChooseReader(const std::string& path) {
  constexpr size_t kHeadBytes = 16;
  const MediaType* type = FindMediaTypeByPath(path);
  auto head = ReadFileHead(path, kHeadBytes);
  if (!head) return std::unexpected(head.error());
  if (type != nullptr && type->is_raw) return Reader::kStills;
  head->resize(kHeadBytes);
  if ((*head)[0] == 0xFF && (*head)[1] == 0xD8 && (*head)[2] == 0xFF) return Reader::kJpeg;
  const std::string_view text(reinterpret_cast<const char*>(head->data()), head->size());
  const bool is_jxl = text.starts_with("\xFF\x0A") || text.substr(4, 4) == "JXL ";
  return is_jxl || text.substr(4, 4) == "ftyp" ? Reader::kStills : Reader::kVips;
}

std::expected<DecodedImage, Failure> DecodeByModule(const char* name, const DecodeRequest& request) {
  const auto module = ModuleTable<StillModule>(name, kDecoderModuleEntry);
  if (!module) return std::unexpected(module.error());
  return (*module)->decode(request);
}

}  // namespace

std::expected<std::vector<uint8_t>, Failure> ReadFileHead(const std::string& path, size_t length) {
  const FileDescriptor file(path);
  struct stat status = {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) return NotReadable();
  if (!S_ISREG(status.st_mode)) return Fail(FailureKind::kNotFound, "not a regular file");
  std::vector<uint8_t> bytes(std::min(length, static_cast<size_t>(status.st_size)));
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return NotReadable();
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

std::expected<std::vector<uint8_t>, Failure> ReadFileBytes(const std::string& path) {
  return ReadFileHead(path, std::numeric_limits<size_t>::max());
}

ImageSize DecodeSize(ImageSize upright_full, int shorter_edge_px, const std::optional<ImageRect>& crop) {
  if (!crop || shorter_edge_px <= 0) return FitShorterEdge(upright_full, shorter_edge_px);
  const int64_t crop_shorter = std::min(crop->width, crop->height);
  if (crop_shorter <= shorter_edge_px) return upright_full;
  const auto scale_up = [&](int edge) {
    return static_cast<int>((static_cast<int64_t>(edge) * shorter_edge_px + crop_shorter - 1) / crop_shorter);
  };
  return {scale_up(upright_full.width), scale_up(upright_full.height)};
}

std::expected<DecodedImage, Failure> DecodeJpegStill(std::span<const uint8_t> bytes, const DecodeRequest& request) {
  auto decoder = JpegDecoder::Open(bytes);
  if (!decoder) return std::unexpected(decoder.error());
  const JpegHeader& header = decoder->header();
  if (request.max_pixels > 0 && header.size.pixels() > request.max_pixels) {
    return Fail(FailureKind::kTooLarge, "more pixels than allowed");
  }
  if (!header.is_ycc_or_grey) return Fail(FailureKind::kUnsupported, "neither YCbCr nor grey");

  DecodedImage out;
  out.pending = header.has_exif ? header.orientation : request.fallback_orientation.value_or(Orientation::kUpright);
  out.full_size = OrientedSize(header.size, out.pending);
  out.scaled_size = DecodeSize(out.full_size, request.shorter_edge_px, request.crop);
  auto planes = decoder->Decode({.target = OrientedSize(out.scaled_size, out.pending),
                                 .exact = true,
                                 .tolerate_truncated = request.tolerate_truncated});
  if (!planes) return std::unexpected(planes.error());
  ConvertProfile(*planes, header.icc, request.profile);
  out.planes = std::move(*planes);
  return out;
}

std::expected<DecodedImage, Failure> DecodeStill(const DecodeRequest& request) {
  const auto reader = ChooseReader(request.path);
  if (!reader) return std::unexpected(reader.error());
  std::expected<DecodedImage, Failure> decoded = Fail(FailureKind::kUnsupported, "");
  if (*reader == Reader::kStills) decoded = DecodeByModule(kStillModuleName, request);
  if (*reader == Reader::kJpeg) {
    const auto bytes = ReadFileBytes(request.path);
    if (!bytes) return std::unexpected(bytes.error());
    decoded = DecodeJpegStill(*bytes, request);
  }
  // libvips is the last word: CMYK JPEGs, PSD (a RAW type by name), RAW files LibRaw does not know.
  if (!decoded && decoded.error().kind == FailureKind::kUnsupported) return DecodeByModule(kVipsModuleName, request);
  return decoded;
}

}  // namespace immich::media
