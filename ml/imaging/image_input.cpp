#include "ml/imaging/image_input.hpp"

#include <algorithm>
#include <utility>

#include "ml/imaging/rgb_decoder.hpp"
#include "ml/models/decode_clock.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

/// Pictures that only the decoder modules read are decoded once, when they arrive, at this size: their headers cannot
/// be read alone, and no model wants more. The size of the server's largest default preview.
constexpr int kModuleShorterEdge = 1440;

}  // namespace

ImageInput::ImageInput(std::string bytes) : bytes_(std::move(bytes)) {
  if (bytes_.empty()) throw BadRequest("The image is empty");
  PictureSize size;
  switch (FormatOf(bytes_)) {
    case PictureFormat::kJpeg:
      size = ReadJpegSize(bytes_);
      break;
    case PictureFormat::kWebp:
      size = ReadWebpSize(bytes_);
      break;
    case PictureFormat::kOther: {
      if (const auto png = ReadPngSize(bytes_)) {
        size = *png;
        break;
      }
      const DecodeClock::Span decoding;
      decoded_[1] = std::make_shared<RgbImage>(DecodeByModules(bytes_, kModuleShorterEdge, size));
      bytes_.clear();
      break;
    }
  }
  width_ = size.width;
  height_ = size.height;
}

ImageInput::~ImageInput() = default;

int ImageInput::DenominatorFor(int shorter_edge_px) const {
  if (shorter_edge_px <= 0) return 1;
  const int native = std::min(width_, height_);
  int denominator = 8;
  while (denominator > 1 && native / denominator < shorter_edge_px) denominator /= 2;
  return denominator;
}

RgbImage ImageInput::DecodeNow(int denominator) const {
  const DecodeClock::Span decoding;
  if (FormatOf(bytes_) == PictureFormat::kJpeg) return DecodeJpeg(bytes_, denominator);
  const auto scaled = [&](int edge) { return std::max(1, (edge + denominator - 1) / denominator); };
  if (FormatOf(bytes_) == PictureFormat::kWebp) return DecodeWebp(bytes_, {scaled(width_), scaled(height_)});
  PictureSize native;
  return DecodeByModules(bytes_, denominator == 1 ? 0 : std::min(scaled(width_), scaled(height_)), native);
}

std::shared_ptr<const RgbImage> ImageInput::Decode(int shorter_edge_px) {
  const std::lock_guard lock(mutex_);
  // Decoded by the modules when it arrived.
  const int denominator = bytes_.empty() ? 1 : DenominatorFor(shorter_edge_px);
  auto& image = decoded_[denominator];
  if (!image) image = std::make_shared<RgbImage>(DecodeNow(denominator));
  return image;
}

}  // namespace immich::ml
