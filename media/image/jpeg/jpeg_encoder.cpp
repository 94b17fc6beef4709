#include "media/image/jpeg/jpeg_encoder.hpp"

// jpeglib.h needs <cstdio> first.
#include <cstdio>

#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <string>

#include "media/image/plane_ops.hpp"

namespace immich::media {
namespace {

constexpr int kFullChromaFromQuality = 80;
constexpr int kMaxBandRows = 16;
constexpr size_t kFirstBufferBytes = 256 * 1024;
constexpr std::string_view kXmpNamespace("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr size_t kMaxMarkerBytes = 65533;

/// libjpeg's view of the output vector plus error handling; lives as long as one encode.
class Encoder {
 public:
  Encoder() {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = OnError;
    errors_.emit_message = [](j_common_ptr, int) {};
    jpeg_create_compress(&jpeg_);
    jpeg_.client_data = this;
    destination_.init_destination = OnStart;
    destination_.empty_output_buffer = OnFull;
    destination_.term_destination = OnEnd;
    jpeg_.dest = &destination_;
  }
  ~Encoder() { jpeg_destroy_compress(&jpeg_); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  /// False after a fatal error; message() says why.
  bool Encode(const PlanarImage& image, const JpegEncodeOptions& options, bool full_chroma) {
    if (setjmp(jump_) != 0) return false;
    Configure(image.size(), options, full_chroma);
    jpeg_start_compress(&jpeg_, TRUE);
    if (!options.xmp.empty()) WriteXmp(options.xmp);
    if (!options.icc.empty()) {
      jpeg_write_icc_profile(&jpeg_, options.icc.data(), static_cast<unsigned>(options.icc.size()));
    }
    WriteBands(image);
    jpeg_finish_compress(&jpeg_);
    return true;
  }

  const char* message() const { return message_.data(); }
  std::vector<uint8_t> Take() { return std::move(out_); }

 private:
  static Encoder& Self(j_compress_ptr jpeg) { return *static_cast<Encoder*>(jpeg->client_data); }

  static void OnError(j_common_ptr jpeg) {
    auto* self = static_cast<Encoder*>(jpeg->client_data);
    jpeg->err->format_message(jpeg, self->message_.data());
    std::longjmp(self->jump_, 1);
  }

  static void OnStart(j_compress_ptr jpeg) { Self(jpeg).Grow(0, kFirstBufferBytes); }

  static boolean OnFull(j_compress_ptr jpeg) {
    Encoder& self = Self(jpeg);
    self.Grow(self.out_.size(), self.out_.size() * 2);
    return TRUE;
  }

  static void OnEnd(j_compress_ptr jpeg) {
    Encoder& self = Self(jpeg);
    self.out_.resize(self.out_.size() - self.destination_.free_in_buffer);
  }

  void Grow(size_t used, size_t size) {
    out_.resize(size);
    destination_.next_output_byte = out_.data() + used;
    destination_.free_in_buffer = size - used;
  }

  void Configure(ImageSize size, const JpegEncodeOptions& options, bool full_chroma) {
    jpeg_.image_width = static_cast<JDIMENSION>(size.width);
    jpeg_.image_height = static_cast<JDIMENSION>(size.height);
    jpeg_.input_components = 3;
    jpeg_.in_color_space = JCS_YCbCr;
    jpeg_set_defaults(&jpeg_);
    jpeg_set_quality(&jpeg_, std::clamp(options.quality, 1, 100), TRUE);
    jpeg_.raw_data_in = TRUE;
    jpeg_.comp_info[0].h_samp_factor = full_chroma ? 1 : 2;
    jpeg_.comp_info[0].v_samp_factor = full_chroma ? 1 : 2;
    if (options.progressive) jpeg_simple_progression(&jpeg_);
  }

  void WriteXmp(std::string_view xmp) {
    if (xmp.size() + kXmpNamespace.size() > kMaxMarkerBytes) return;
    jpeg_write_m_header(&jpeg_, JPEG_APP0 + 1, static_cast<unsigned>(xmp.size() + kXmpNamespace.size()));
    for (const char c : kXmpNamespace) jpeg_write_m_byte(&jpeg_, static_cast<unsigned char>(c));
    for (const char c : xmp) jpeg_write_m_byte(&jpeg_, static_cast<unsigned char>(c));
  }

  /// The planes' padding (16 rows, 64 bytes) covers the last, partial band.
  void WriteBands(const PlanarImage& image) {
    const Plane* planes[3] = {&image.y, &image.cb, &image.cr};
    JSAMPROW rows[3][kMaxBandRows];
    JSAMPARRAY bands[3] = {rows[0], rows[1], rows[2]};
    const auto rows_per_band = static_cast<JDIMENSION>(jpeg_.max_v_samp_factor * DCTSIZE);
    while (jpeg_.next_scanline < jpeg_.image_height) {
      for (int i = 0; i < 3; ++i) {
        const int factor = jpeg_.comp_info[i].v_samp_factor;
        const int first = static_cast<int>(jpeg_.next_scanline) * factor / jpeg_.max_v_samp_factor;
        for (int row = 0; row < factor * DCTSIZE; ++row) {
          const int clamped = std::min(first + row, static_cast<int>(planes[i]->padded_rows()) - 1);
          rows[i][row] = const_cast<JSAMPROW>(planes[i]->Row(clamped));
        }
      }
      jpeg_write_raw_data(&jpeg_, bands, rows_per_band);
    }
  }

  jpeg_compress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_destination_mgr destination_{};
  std::jmp_buf jump_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
  std::vector<uint8_t> out_;
};

}  // namespace

std::expected<std::vector<uint8_t>, Failure> EncodeJpeg(PlanarImage& image, const JpegEncodeOptions& options) {
  const ImageSize size = image.size();
  if (size.width > JPEG_MAX_DIMENSION || size.height > JPEG_MAX_DIMENSION) {
    return Fail(FailureKind::kTooLarge, "longer than a JPEG can be");
  }
  Encoder encoder;
  PadPlane(image.y);
  bool encoded = false;
  if (options.quality >= kFullChromaFromQuality) {
    PadPlane(image.cb);
    PadPlane(image.cr);
    encoded = encoder.Encode(image, options, true);
  } else {
    PlanarImage half{.y = std::move(image.y), .cb = HalvePlane(image.cb), .cr = HalvePlane(image.cr), .alpha = {}};
    PadPlane(half.cb);
    PadPlane(half.cr);
    encoded = encoder.Encode(half, options, false);
    image.y = std::move(half.y);
  }
  if (!encoded) return Fail(FailureKind::kInternal, encoder.message());
  return encoder.Take();
}

}  // namespace immich::media
