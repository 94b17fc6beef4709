#include "ml/imaging/rgb_resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace immich::ml {
namespace {

constexpr int kPrecisionBits = 22;

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

/// One output row of the horizontal pass.
void ResampleRow(const std::uint8_t* source, const Taps& taps, std::uint8_t* out) {
  for (const Tap& tap : taps.taps) {
    std::array<std::int32_t, 3> sum{kHalf, kHalf, kHalf};
    const std::uint8_t* pixel = source + static_cast<std::size_t>(tap.first) * 3;
    const std::int32_t* weights = taps.weights.data() + tap.weights;
    for (int i = 0; i < tap.count; ++i, pixel += 3) {
      sum[0] += pixel[0] * weights[i];
      sum[1] += pixel[1] * weights[i];
      sum[2] += pixel[2] * weights[i];
    }
    for (const std::int32_t value : sum) *out++ = FromFixed(value);
  }
}

/// The rows of `source` from `first_row` on that the vertical pass needs, at the new width.
RgbImage HorizontalPass(const RgbImage& source, const Taps& taps, int first_row, int rows) {
  RgbImage out = RgbImage::Make(static_cast<int>(taps.taps.size()), rows);
  for (int y = 0; y < rows; ++y) ResampleRow(source.Row(first_row + y), taps, out.Row(y));
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
      const std::uint8_t* row = source.Row(tap.first - first_row + i);
      for (std::size_t x = 0; x < row_values; ++x) sums[x] += row[x] * weight;
    }
    std::uint8_t* target = out.Row(y);
    for (std::size_t x = 0; x < row_values; ++x) target[x] = FromFixed(sums[x]);
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
