#include "ml/imaging/rgb_resampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace immich::ml {
namespace {

constexpr int kPrecisionBits = 22;

// The same arithmetic with wider registers where the processor has them; chosen when the program starts.
#if defined(__x86_64__)
#define IMMICH_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define IMMICH_WIDE
#endif

double Sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double Weight(ResampleFilter filter, double x) {
  const double distance = std::abs(x);
  switch (filter) {
    case ResampleFilter::kBilinear:
      return distance < 1.0 ? 1.0 - distance : 0.0;
    case ResampleFilter::kBicubic: {
      constexpr double kA = -0.5;
      if (distance < 1.0) return ((kA + 2.0) * distance - (kA + 3.0)) * distance * distance + 1.0;
      if (distance < 2.0) return (((distance - 5.0) * distance + 8.0) * distance - 4.0) * kA;
      return 0.0;
    }
    case ResampleFilter::kLanczos:
      return x >= -3.0 && x < 3.0 ? Sinc(x) * Sinc(x / 3.0) : 0.0;
  }
  return 0.0;
}

double SupportOf(ResampleFilter filter) {
  return filter == ResampleFilter::kBilinear ? 1.0 : filter == ResampleFilter::kBicubic ? 2.0 : 3.0;
}

/// Which source samples make an output sample.
struct Tap {
  int first = 0;
  int count = 0;
  std::size_t weights = 0;
};

struct Taps {
  std::vector<Tap> taps;
  std::vector<std::int32_t> weights;
};

std::int32_t ToFixed(double weight) {
  const double scaled = weight * (1 << kPrecisionBits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

/// Taps of the outputs [first, first + count) of `out_size`.
Taps MakeTaps(int in_size, int out_size, ResampleFilter filter, int first, int count) {
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = SupportOf(filter) * filter_scale;
  const double step = 1.0 / filter_scale;
  Taps made;
  std::vector<double> exact;
  for (int i = first; i < first + count; ++i) {
    const double center = (i + 0.5) * scale;
    const int begin = std::max(0, static_cast<int>(center - support + 0.5));
    const int end = std::min(in_size, static_cast<int>(center + support + 0.5));
    exact.clear();
    double sum = 0;
    for (int x = begin; x < end; ++x) {
      exact.push_back(Weight(filter, (x - center + 0.5) * step));
      sum += exact.back();
    }
    made.taps.push_back({begin, end - begin, made.weights.size()});
    for (const double weight : exact) made.weights.push_back(ToFixed(sum != 0.0 ? weight / sum : weight));
  }
  return made;
}

std::uint8_t FromFixed(std::int32_t value) {
  return static_cast<std::uint8_t>(std::clamp(value >> kPrecisionBits, 0, 255));
}

constexpr std::int32_t kHalf = 1 << (kPrecisionBits - 1);

using EightBytes = std::uint8_t __attribute__((vector_size(8)));
using EightSums = std::int32_t __attribute__((vector_size(32)));

/// One output row of the horizontal pass. Two pixels are weighed at once; `readable_end` is where the picture's memory
/// ends, up to which two bytes too many may be read.
IMMICH_WIDE void ResampleRow(const std::uint8_t* source, const std::uint8_t* readable_end, const Tap* taps,
                             std::size_t tap_count, const std::int32_t* all_weights, std::uint8_t* out) {
  for (std::size_t t = 0; t < tap_count; ++t) {
    const std::uint8_t* pixel = source + static_cast<std::size_t>(taps[t].first) * 3;
    const std::int32_t* weight = all_weights + taps[t].weights;
    const std::int32_t* const end = weight + taps[t].count;
    EightSums pair{kHalf, kHalf, kHalf, 0, 0, 0, 0, 0};
    for (; end - weight >= 2 && readable_end - pixel >= 8; weight += 2, pixel += 6) {
      EightBytes bytes;
      std::memcpy(&bytes, pixel, sizeof bytes);
      const auto colors =
          __builtin_convertvector(__builtin_shufflevector(bytes, bytes, 0, 1, 2, 6, 3, 4, 5, 7), EightSums);
      const std::int32_t a = weight[0];
      const std::int32_t b = weight[1];
      pair += colors * EightSums{a, a, a, 0, b, b, b, 0};
    }
    std::int32_t sum[3] = {pair[0] + pair[4], pair[1] + pair[5], pair[2] + pair[6]};
    for (; weight != end; ++weight, pixel += 3) {
      for (int c = 0; c < 3; ++c) sum[c] += pixel[c] * *weight;
    }
    for (const std::int32_t value : sum) *out++ = FromFixed(value);
  }
}

/// Adds a row times its weight.
IMMICH_WIDE void AddWeighted(std::int32_t* sums, const std::uint8_t* row, std::size_t count, std::int32_t weight) {
  for (std::size_t x = 0; x < count; ++x) sums[x] += row[x] * weight;
}

IMMICH_WIDE void RoundRow(const std::int32_t* sums, std::size_t count, std::uint8_t* out) {
  for (std::size_t x = 0; x < count; ++x) out[x] = FromFixed(sums[x]);
}

/// The rows of `source` from `first_row` on that the vertical pass needs, at the new width.
RgbImage HorizontalPass(const RgbImage& source, const Taps& taps, int first_row, int rows) {
  RgbImage out = RgbImage::Make(static_cast<int>(taps.taps.size()), rows);
  const std::uint8_t* const readable_end = source.pixels.data() + source.pixels.size();
  for (int y = 0; y < rows; ++y) {
    ResampleRow(source.Row(first_row + y), readable_end, taps.taps.data(), taps.taps.size(), taps.weights.data(),
                out.Row(y));
  }
  return out;
}

RgbImage VerticalPass(const RgbImage& source, const Taps& taps, int first_row) {
  RgbImage out = RgbImage::Make(source.width, static_cast<int>(taps.taps.size()));
  const auto row_values = static_cast<std::size_t>(source.width) * 3;
  std::vector<std::int32_t> sums(row_values);
  for (int y = 0; y < out.height; ++y) {
    const Tap& tap = taps.taps[static_cast<std::size_t>(y)];
    std::fill(sums.begin(), sums.end(), kHalf);
    for (int i = 0; i < tap.count; ++i) {
      const std::int32_t weight = taps.weights[tap.weights + static_cast<std::size_t>(i)];
      AddWeighted(sums.data(), source.Row(tap.first - first_row + i), row_values, weight);
    }
    RoundRow(sums.data(), row_values, out.Row(y));
  }
  return out;
}

RgbImage Crop(const RgbImage& source, int left, int top, int width, int height) {
  RgbImage out = RgbImage::Make(width, height);
  for (int y = 0; y < height; ++y) {
    std::copy_n(source.Row(top + y) + static_cast<std::size_t>(left) * 3, static_cast<std::size_t>(width) * 3,
                out.Row(y));
  }
  return out;
}

}  // namespace

RgbImage ResampleWindowed(const RgbImage& source, int width, int height, ResampleFilter filter, ResampleWindow window) {
  // Pillow leaves out a pass along an axis that keeps its size.
  const bool keeps_rows = height == source.height;
  const Taps vertical = MakeTaps(source.height, height, filter, window.top, window.height);
  const int first_row = keeps_rows ? window.top : vertical.taps.front().first;
  const int end_row = keeps_rows ? window.top + window.height : vertical.taps.back().first + vertical.taps.back().count;
  RgbImage rows;
  if (width == source.width) {
    rows = Crop(source, window.left, first_row, window.width, end_row - first_row);
  } else {
    const Taps horizontal = MakeTaps(source.width, width, filter, window.left, window.width);
    rows = HorizontalPass(source, horizontal, first_row, end_row - first_row);
  }
  return keeps_rows ? rows : VerticalPass(rows, vertical, first_row);
}

RgbImage Resample(const RgbImage& source, int width, int height, ResampleFilter filter) {
  return ResampleWindowed(source, width, height, filter, {0, 0, width, height});
}

namespace {

/// Two neighbours and the weight of the second, in 1/2048.
struct PointTap {
  int first = 0;
  int second = 0;
  int weight = 0;
};

std::vector<PointTap> MakePointTaps(int in_size, int out_size) {
  constexpr int kOne = 2048;
  std::vector<PointTap> taps;
  const double scale = static_cast<double>(in_size) / out_size;
  for (int i = 0; i < out_size; ++i) {
    const auto position = static_cast<float>((i + 0.5) * scale - 0.5);
    const int whole = static_cast<int>(std::floor(position));
    const auto weight = static_cast<int>(std::lrint((position - static_cast<float>(whole)) * kOne));
    taps.push_back({std::clamp(whole, 0, in_size - 1), std::clamp(whole + 1, 0, in_size - 1), weight});
  }
  return taps;
}

}  // namespace

RgbImage ResampleBilinearPoint(const RgbImage& source, int width, int height) {
  constexpr int kOne = 2048;
  constexpr int kShift = 22;
  const auto columns = MakePointTaps(source.width, width);
  const auto rows = MakePointTaps(source.height, height);
  RgbImage out = RgbImage::Make(width, height);
  for (int y = 0; y < height; ++y) {
    const auto& row = rows[static_cast<std::size_t>(y)];
    const std::uint8_t* upper = source.Row(row.first);
    const std::uint8_t* lower = source.Row(row.second);
    std::uint8_t* target = out.Row(y);
    for (const PointTap& column : columns) {
      for (int c = 0; c < 3; ++c) {
        const auto mix = [&](const std::uint8_t* line) {
          return line[column.first * 3 + c] * (kOne - column.weight) + line[column.second * 3 + c] * column.weight;
        };
        const int value = mix(upper) * (kOne - row.weight) + mix(lower) * row.weight;
        *target++ = static_cast<std::uint8_t>((value + (1 << (kShift - 1))) >> kShift);
      }
    }
  }
  return out;
}

}  // namespace immich::ml
