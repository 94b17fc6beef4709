// The least work an ingest can do, in one process and one thread: for each JPEG read, SHA-1, decode once at 1/2 to
// planes, scale to the shorter edges of preview (1440 px) and thumbnail (250 px), encode JPEG q80 and WebP q80 in
// memory. usage: ingest_reference FILE...      prints files, CPU seconds, wall seconds, peak resident KiB
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/resource.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/log.h>
#include <libswscale/swscale.h>
}

namespace {

constexpr int kPreviewEdgePx = 1440;
constexpr int kThumbnailEdgePx = 250;
constexpr int kQuality = 80;

struct TurboDeleter {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, TurboDeleter>;

/// Planar YCbCr 4:2:0, full range.
struct Planes {
  Planes(int width_px, int height_px)
      : width(width_px),
        height(height_px),
        y(static_cast<std::size_t>(width_px) * height_px),
        u(static_cast<std::size_t>((width_px + 1) / 2) * ((height_px + 1) / 2)),
        v(u.size()) {}
  int chroma_width() const { return (width + 1) / 2; }
  int width, height;
  std::vector<std::uint8_t> y, u, v;
};

std::vector<std::uint8_t> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

Planes DecodeHalf(void* turbo, const std::vector<std::uint8_t>& jpeg) {
  int width = 0, height = 0, subsampling = 0, colorspace = 0;
  tjDecompressHeader3(turbo, jpeg.data(), jpeg.size(), &width, &height, &subsampling, &colorspace);
  if (subsampling != TJSAMP_420) throw std::runtime_error("only 4:2:0 files are measured");
  Planes planes((width + 1) / 2, (height + 1) / 2);
  std::uint8_t* out[3] = {planes.y.data(), planes.u.data(), planes.v.data()};
  int strides[3] = {planes.width, planes.chroma_width(), planes.chroma_width()};
  if (tjDecompressToYUVPlanes(turbo, jpeg.data(), jpeg.size(), out, planes.width, strides, planes.height, 0) != 0) {
    throw std::runtime_error(tjGetErrorStr2(turbo));
  }
  return planes;
}

Planes ScaleToShortEdge(const Planes& from, int edge_px, AVPixelFormat to_format) {
  const double factor = static_cast<double>(edge_px) / std::min(from.width, from.height);
  Planes to(static_cast<int>(from.width * factor + 0.5), static_cast<int>(from.height * factor + 0.5));
  SwsContext* scaler = sws_getContext(from.width, from.height, AV_PIX_FMT_YUVJ420P, to.width, to.height, to_format,
                                      SWS_BICUBIC, nullptr, nullptr, nullptr);
  const std::uint8_t* in[3] = {from.y.data(), from.u.data(), from.v.data()};
  const int in_strides[3] = {from.width, from.chroma_width(), from.chroma_width()};
  std::uint8_t* out[3] = {to.y.data(), to.u.data(), to.v.data()};
  const int out_strides[3] = {to.width, to.chroma_width(), to.chroma_width()};
  sws_scale(scaler, in, in_strides, 0, from.height, out, out_strides);
  sws_freeContext(scaler);
  return to;
}

std::size_t EncodeJpeg(void* turbo, const Planes& planes) {
  const std::uint8_t* in[3] = {planes.y.data(), planes.u.data(), planes.v.data()};
  const int strides[3] = {planes.width, planes.chroma_width(), planes.chroma_width()};
  unsigned char* out = nullptr;
  unsigned long size = 0;
  tjCompressFromYUVPlanes(turbo, in, planes.width, strides, planes.height, TJSAMP_420, &out, &size, kQuality, 0);
  tjFree(out);
  return size;
}

std::size_t EncodeWebp(Planes& planes) {
  WebPConfig config;
  WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, kQuality);
  WebPPicture picture;
  WebPMemoryWriter writer;
  WebPPictureInit(&picture);
  WebPMemoryWriterInit(&writer);
  picture.width = planes.width;
  picture.height = planes.height;
  picture.y = planes.y.data();
  picture.u = planes.u.data();
  picture.v = planes.v.data();
  picture.y_stride = planes.width;
  picture.uv_stride = planes.chroma_width();
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  WebPEncode(&config, &picture);
  const std::size_t size = writer.size;
  WebPMemoryWriterClear(&writer);
  return size;
}

/// Bytes of what came out, so that nothing can be left out.
std::size_t IngestOne(void* decoder, void* encoder, const std::string& path) {
  const std::vector<std::uint8_t> jpeg = ReadFile(path);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned digest_size = 0;
  EVP_Digest(jpeg.data(), jpeg.size(), digest, &digest_size, EVP_sha1(), nullptr);
  const Planes half = DecodeHalf(decoder, jpeg);
  const Planes preview = ScaleToShortEdge(half, kPreviewEdgePx, AV_PIX_FMT_YUVJ420P);
  Planes thumbnail = ScaleToShortEdge(preview, kThumbnailEdgePx, AV_PIX_FMT_YUV420P);
  return EncodeJpeg(encoder, preview) + EncodeWebp(thumbnail) + digest[0] % 2;
}

}  // namespace

int main(int argc, char** argv) {
  const auto start = std::chrono::steady_clock::now();
  av_log_set_level(AV_LOG_ERROR);
  const Turbo decoder(tjInitDecompress()), encoder(tjInitCompress());
  std::size_t bytes = 0;
  try {
    for (int i = 1; i < argc; ++i) bytes += IngestOne(decoder.get(), encoder.get(), argv[i]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu_s = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} {:.3f} {:.3f} {}\n", argc - 1, cpu_s, wall_s, usage.ru_maxrss);
  return bytes > 0 || argc == 1 ? 0 : 1;
}
