#pragma once

#include <vips/vips.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "media/failure.hpp"

namespace immich::media {

struct VipsImageDeleter {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using VipsHandle = std::unique_ptr<VipsImage, VipsImageDeleter>;

/// The message libvips left behind, taken away from it.
std::unexpected<Failure> VipsFailure(FailureKind kind);

/// Opens one file by its format, possibly several times at different scales.
class VipsLoader {
 public:
  /// Fails with kNotFound, or kUnsupported when the first bytes are of no format on the list.
  static std::expected<VipsLoader, Failure> ForFile(const std::string& path, bool tolerate_truncated);

  /// The image, not decoded yet. `scale` (0..1] asks formats that can shrink while loading to do so; the result is at
  /// least that large.
  std::expected<VipsHandle, Failure> Open(double scale) const;

 private:
  enum class Format { kPng, kJpeg, kWebp, kGif, kTiff, kSvg, kJpeg2000, kMagick };

  VipsLoader(std::string path, Format format, VipsFailOn fail_on)
      : path_(std::move(path)), format_(format), fail_on_(fail_on) {}
  static std::expected<Format, Failure> Sniff(const std::string& path);

  std::string path_;
  Format format_;
  VipsFailOn fail_on_;
  std::shared_ptr<const std::vector<uint8_t>> svg_;  ///< the text, which outlives the images opened from it
};

}  // namespace immich::media
