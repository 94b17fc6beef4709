#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <vector>

#include "media/failure.hpp"
#include "media/image/image_geometry.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

struct JpegHeader {
  ImageSize size;  ///< as stored, before orientation
  bool has_exif = false;
  Orientation orientation = Orientation::kUpright;
  bool is_progressive = false;
  /// YCbCr or grey with 8 bits: JpegDecoder::Decode can read it. CMYK, YCCK and RGB files go to the general reader.
  bool is_ycc_or_grey = false;
  std::vector<uint8_t> icc;  ///< embedded profile, empty when there is none
};

/// Decodes one JPEG to planes, shrinking while decoding. Single use: Open, header(), Decode.
class JpegDecoder {
 public:
  /// Reads the header. `bytes` must outlive the decoder. Fails with kCorrupt when it is not a JPEG.
  static std::expected<JpegDecoder, Failure> Open(std::span<const uint8_t> bytes);
  ~JpegDecoder();
  JpegDecoder(JpegDecoder&&) noexcept;
  JpegDecoder& operator=(JpegDecoder&&) noexcept;

  const JpegHeader& header() const;

  struct Request {
    ImageSize target;                 ///< stored orientation, at most the full size
    bool exact = true;                ///< resize to `target`; otherwise the smallest decoder scale that covers it
    bool tolerate_truncated = false;  ///< a file that ends early is grey below instead of a failure
  };
  /// Planes at `target` (or the covering scale 1/8, 1/4, 1/2, 1). Bands go from the decoder straight to the scaler: the
  /// picture at decoder scale is never in memory as a whole.
  std::expected<PlanarImage, Failure> Decode(const Request& request);

 private:
  struct State;
  explicit JpegDecoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace immich::media
