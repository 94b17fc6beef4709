#include "media/image/jpeg/jpeg_decoder.hpp"

// jpeglib.h needs <cstdio> first.
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <string>
#include <utility>

#include "media/image/exif_orientation.hpp"
#include "media/image/plane_scaler.hpp"

namespace immich::media {
namespace {

constexpr int kMaxComponents = 3;
constexpr int kMaxBandRows = 32;  // 4 (largest sampling factor) * 8 (block edge)
constexpr unsigned kApp1 = JPEG_APP0 + 1;
constexpr unsigned kApp2 = JPEG_APP0 + 2;
constexpr unsigned kMaxMarkerBytes = 0xFFFF;
/// A progressive file may repeat scans without end at 10 bytes each; real ones have about 10.
constexpr int kMaxScans = 100;

/// Buffers for one band of one component: what jpeg_read_raw_data fills at a time.
struct Band {
  std::vector<uint8_t> samples;
  std::array<JSAMPROW, kMaxBandRows> rows{};
  int row_count = 0;
  int stride = 0;
};

}  // namespace

struct JpegDecoder::State {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  bool truncated = false;
  bool created = false;
  JpegHeader header;
  std::array<Band, kMaxComponents> bands;
  std::vector<PlaneScaler> scalers;

  ~State() {
    if (created) jpeg_destroy_decompress(&jpeg);
  }

  /// Runs libjpeg calls; false after a fatal error. `calls` must not own anything: errors leave it by longjmp.
  template <typename Calls>
  bool Guard(Calls calls) {
    if (setjmp(jump) != 0) return false;
    calls();
    return true;
  }

  static void OnError(j_common_ptr jpeg);
  static void OnMessage(j_common_ptr jpeg, int level);
  static void OnProgress(j_common_ptr jpeg);

  void Create();
  bool ReadHeader(std::span<const uint8_t> bytes);
  void PrepareBands();
  bool DecodeBands();
  std::unexpected<Failure> Broken() const { return Fail(FailureKind::kCorrupt, message.data()); }
};

void JpegDecoder::State::OnError(j_common_ptr jpeg) {
  auto* state = static_cast<State*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, state->message.data());
  std::longjmp(state->jump, 1);
}

void JpegDecoder::State::OnMessage(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) static_cast<State*>(jpeg->client_data)->truncated = true;
}

void JpegDecoder::State::OnProgress(j_common_ptr jpeg) {
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMaxScans) return;
  auto* state = static_cast<State*>(jpeg->client_data);
  std::snprintf(state->message.data(), state->message.size(), "more than %d scans", kMaxScans);
  std::longjmp(state->jump, 1);
}

void JpegDecoder::State::Create() {
  jpeg.err = jpeg_std_error(&errors);
  errors.error_exit = OnError;
  errors.emit_message = OnMessage;
  jpeg.client_data = this;
  jpeg_create_decompress(&jpeg);
  created = true;
  jpeg.client_data = this;
  progress.progress_monitor = OnProgress;
  jpeg.progress = &progress;
}

bool JpegDecoder::State::ReadHeader(std::span<const uint8_t> bytes) {
  const bool read = Guard([&] {
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_save_markers(&jpeg, kApp1, kMaxMarkerBytes);
    jpeg_save_markers(&jpeg, kApp2, kMaxMarkerBytes);
    jpeg_read_header(&jpeg, TRUE);
  });
  if (!read) return false;
  header.size = {static_cast<int>(jpeg.image_width), static_cast<int>(jpeg.image_height)};
  header.is_progressive = jpeg.progressive_mode != 0;
  const bool is_ycc = jpeg.jpeg_color_space == JCS_YCbCr && jpeg.num_components == kMaxComponents;
  const bool is_grey = jpeg.jpeg_color_space == JCS_GRAYSCALE && jpeg.num_components == 1;
  header.is_ycc_or_grey = jpeg.data_precision == 8 && (is_ycc || is_grey);
  for (const jpeg_marker_struct* marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->marker != kApp1 || !IsExifApp1({marker->data, marker->data_length})) continue;
    header.has_exif = true;
    header.orientation = OrientationOfApp1({marker->data, marker->data_length});
    if (header.orientation != Orientation::kUpright) break;
  }
  JOCTET* icc = nullptr;
  unsigned icc_bytes = 0;
  if (Guard([&] { jpeg_read_icc_profile(&jpeg, &icc, &icc_bytes); }) && icc != nullptr) {
    header.icc.assign(icc, icc + icc_bytes);
    std::free(icc);
  }
  return true;
}

void JpegDecoder::State::PrepareBands() {
  for (int i = 0; i < jpeg.num_components; ++i) {
    const jpeg_component_info& component = jpeg.comp_info[i];
    Band& band = bands[static_cast<size_t>(i)];
    // The decoder writes whole MCUs: round the block count up to the sampling factor.
    const auto factor = static_cast<unsigned>(component.h_samp_factor);
    const unsigned blocks = (component.width_in_blocks + factor - 1) / factor * factor;
    band.stride = static_cast<int>(blocks) * component.DCT_scaled_size;
    band.row_count = component.v_samp_factor * component.DCT_scaled_size;
    band.samples.resize(static_cast<size_t>(band.stride) * static_cast<size_t>(band.row_count));
    for (int row = 0; row < kMaxBandRows; ++row) {
      band.rows[static_cast<size_t>(row)] =
          band.samples.data() + static_cast<ptrdiff_t>(std::min(row, band.row_count - 1)) * band.stride;
    }
  }
}

bool JpegDecoder::State::DecodeBands() {
  std::array<JSAMPARRAY, kMaxComponents> planes{};
  for (size_t i = 0; i < planes.size(); ++i) planes[i] = bands[i].rows.data();
  const auto rows_per_band = static_cast<JDIMENSION>(jpeg.max_v_samp_factor * jpeg.min_DCT_scaled_size);
  while (jpeg.output_scanline < jpeg.output_height) {
    JDIMENSION read = 0;
    if (!Guard([&] { read = jpeg_read_raw_data(&jpeg, planes.data(), rows_per_band); }) || read == 0) return false;
    for (size_t i = 0; i < scalers.size(); ++i) {
      if (!scalers[i].Feed(bands[i].rows[0], bands[i].stride, bands[i].row_count)) return false;
    }
  }
  return true;
}

JpegDecoder::JpegDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
JpegDecoder::~JpegDecoder() = default;
JpegDecoder::JpegDecoder(JpegDecoder&&) noexcept = default;
JpegDecoder& JpegDecoder::operator=(JpegDecoder&&) noexcept = default;

const JpegHeader& JpegDecoder::header() const {
  return state_->header;
}

std::expected<JpegDecoder, Failure> JpegDecoder::Open(std::span<const uint8_t> bytes) {
  auto state = std::make_unique<State>();
  state->Create();
  if (!state->ReadHeader(bytes)) return state->Broken();
  return JpegDecoder(std::move(state));
}

namespace {

/// Smallest numerator n of the scales n/8 = 1/8, 1/4, 1/2, 1 whose result covers `target`.
int ChooseScale(ImageSize size, ImageSize target) {
  for (const int numerator : {1, 2, 4}) {
    const auto scaled = [numerator](int edge) { return (edge * numerator + 7) / 8; };
    if (scaled(size.width) >= target.width && scaled(size.height) >= target.height) return numerator;
  }
  return 8;
}

}  // namespace

std::expected<PlanarImage, Failure> JpegDecoder::Decode(const Request& request) {
  State& state = *state_;
  jpeg_decompress_struct& jpeg = state.jpeg;
  jpeg.raw_data_out = TRUE;
  jpeg.out_color_space = jpeg.jpeg_color_space;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg.scale_num = static_cast<unsigned>(ChooseScale(state.header.size, request.target));
  jpeg.scale_denom = 8;
  if (!state.Guard([&jpeg] { jpeg_start_decompress(&jpeg); })) return state.Broken();

  const ImageSize decoded{static_cast<int>(jpeg.output_width), static_cast<int>(jpeg.output_height)};
  const ImageSize target = request.exact ? request.target : decoded;
  state.PrepareBands();
  for (int i = 0; i < jpeg.num_components; ++i) {
    const jpeg_component_info& component = jpeg.comp_info[i];
    state.scalers.emplace_back(
        ImageSize{static_cast<int>(component.downsampled_width), static_cast<int>(component.downsampled_height)},
        target);
  }
  if (!state.DecodeBands()) return state.Broken();
  if (state.truncated && !request.tolerate_truncated) return Fail(FailureKind::kCorrupt, "the file ends early");

  PlanarImage image;
  image.y = state.scalers[0].Take();
  if (state.scalers.size() == kMaxComponents) {
    image.cb = state.scalers[1].Take();
    image.cr = state.scalers[2].Take();
  } else {
    image.cb = Plane(target.width, target.height);
    image.cr = Plane(target.width, target.height);
    image.cb.Fill(128);
    image.cr.Fill(128);
  }
  return image;
}

}  // namespace immich::media
