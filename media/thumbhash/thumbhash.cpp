#include "media/thumbhash/thumbhash.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace immich::media {
namespace {

/// Rounds halves up (towards +infinity), as the reference does.
int RoundHalfUp(double value) {
  return static_cast<int>(std::floor(value + 0.5));
}

/// One plane of the picture: luminance, yellow-blue, red-green or alpha, in 0..1 or -1..1.
using Channel = std::vector<double>;

struct EncodedChannel {
  double dc = 0;
  double scale = 0;
  std::vector<double> ac;  ///< 0..1 after normalisation by `scale`
};

/// cos(pi/n * frequency * (i + 0.5)) for every i: the basis of one row or column.
std::vector<double> CosineBasis(int n, int frequency) {
  std::vector<double> basis(static_cast<size_t>(n));
  for (int i = 0; i < n; ++i) basis[static_cast<size_t>(i)] = std::cos(std::numbers::pi / n * frequency * (i + 0.5));
  return basis;
}

/// Sum of channel * fx * fy over the picture, added up in the order of the reference: in a flat picture the AC terms
/// are rounding noise that normalisation blows up, so another order gives other (equally meaningless) bytes.
double Correlate(const Channel& channel, const std::vector<double>& fx, const std::vector<double>& fy) {
  double sum = 0;
  size_t index = 0;
  for (const double y : fy) {
    for (const double x : fx) sum += channel[index++] * x * y;
  }
  return sum;
}

/// The DCT terms below the anti-diagonal of an nx × ny square.
EncodedChannel EncodeChannel(const Channel& channel, int width, int height, int nx, int ny) {
  EncodedChannel out;
  for (int cy = 0; cy < ny; ++cy) {
    const std::vector<double> fy = CosineBasis(height, cy);
    for (int cx = 0; cx * ny < nx * (ny - cy); ++cx) {
      const double f = Correlate(channel, CosineBasis(width, cx), fy) / (width * height);
      if (cx == 0 && cy == 0) {
        out.dc = f;
        continue;
      }
      out.ac.push_back(f);
      out.scale = std::max(out.scale, std::abs(f));
    }
  }
  if (out.scale > 0) {
    for (double& f : out.ac) f = 0.5 + 0.5 / out.scale * f;
  }
  return out;
}

struct Lpqa {
  Channel l, p, q, a;
  bool has_alpha = false;
};

struct AverageColor {
  double r = 0, g = 0, b = 0, alpha_sum = 0;
};

AverageColor AverageOf(std::span<const uint8_t> rgba) {
  AverageColor average;
  for (size_t j = 0; j < rgba.size(); j += 4) {
    const double alpha = rgba[j + 3] / 255.0;
    average.r += alpha / 255.0 * rgba[j];
    average.g += alpha / 255.0 * rgba[j + 1];
    average.b += alpha / 255.0 * rgba[j + 2];
    average.alpha_sum += alpha;
  }
  if (average.alpha_sum > 0) {
    average.r /= average.alpha_sum;
    average.g /= average.alpha_sum;
    average.b /= average.alpha_sum;
  }
  return average;
}

/// Splits the picture, composited on its own average colour, into the four planes.
Lpqa ToLpqa(std::span<const uint8_t> rgba) {
  const size_t pixels = rgba.size() / 4;
  const AverageColor average = AverageOf(rgba);
  Lpqa out{.l = Channel(pixels), .p = Channel(pixels), .q = Channel(pixels), .a = Channel(pixels)};
  out.has_alpha = average.alpha_sum < static_cast<double>(pixels);
  for (size_t i = 0; i < pixels; ++i) {
    const uint8_t* pixel = &rgba[i * 4];
    const double alpha = pixel[3] / 255.0;
    const double r = average.r * (1 - alpha) + alpha / 255.0 * pixel[0];
    const double g = average.g * (1 - alpha) + alpha / 255.0 * pixel[1];
    const double b = average.b * (1 - alpha) + alpha / 255.0 * pixel[2];
    out.l[i] = (r + g + b) / 3;
    out.p[i] = (r + g) / 2 - b;
    out.q[i] = r - g;
    out.a[i] = alpha;
  }
  return out;
}

/// Appends the AC terms of all channels as nibbles, low nibble first.
void AppendNibbles(std::span<const EncodedChannel> channels, std::vector<uint8_t>& hash) {
  bool low = true;
  for (const EncodedChannel& channel : channels) {
    for (const double f : channel.ac) {
      const auto nibble = static_cast<uint8_t>(RoundHalfUp(15 * f));
      if (low) {
        hash.push_back(nibble);
      } else {
        hash.back() = static_cast<uint8_t>(hash.back() | (nibble << 4));
      }
      low = !low;
    }
  }
}

}  // namespace

std::vector<uint8_t> ThumbHashFromRgba(int width, int height, std::span<const uint8_t> rgba) {
  if (width < 1 || height < 1 || width > kThumbHashMaxEdgePx || height > kThumbHashMaxEdgePx) return {};
  if (rgba.size() != static_cast<size_t>(width) * static_cast<size_t>(height) * 4) return {};

  const Lpqa planes = ToLpqa(rgba);
  const int longest = std::max(width, height);
  const int l_limit = planes.has_alpha ? 5 : 7;
  const int lx = std::max(1, RoundHalfUp(static_cast<double>(l_limit) * width / longest));
  const int ly = std::max(1, RoundHalfUp(static_cast<double>(l_limit) * height / longest));

  std::vector<EncodedChannel> channels;
  channels.push_back(EncodeChannel(planes.l, width, height, std::max(3, lx), std::max(3, ly)));
  channels.push_back(EncodeChannel(planes.p, width, height, 3, 3));
  channels.push_back(EncodeChannel(planes.q, width, height, 3, 3));
  if (planes.has_alpha) channels.push_back(EncodeChannel(planes.a, width, height, 5, 5));

  const bool landscape = width > height;
  const int header24 = RoundHalfUp(63 * channels[0].dc) | (RoundHalfUp(31.5 + 31.5 * channels[1].dc) << 6) |
                       (RoundHalfUp(31.5 + 31.5 * channels[2].dc) << 12) | (RoundHalfUp(31 * channels[0].scale) << 18) |
                       ((planes.has_alpha ? 1 : 0) << 23);
  const int header16 = (landscape ? ly : lx) | (RoundHalfUp(63 * channels[1].scale) << 3) |
                       (RoundHalfUp(63 * channels[2].scale) << 9) | ((landscape ? 1 : 0) << 15);
  std::vector<uint8_t> hash;
  for (const int byte : {header24, header24 >> 8, header24 >> 16, header16, header16 >> 8}) {
    hash.push_back(static_cast<uint8_t>(byte & 255));
  }
  if (planes.has_alpha) {
    hash.push_back(static_cast<uint8_t>(RoundHalfUp(15 * channels[3].dc) | (RoundHalfUp(15 * channels[3].scale) << 4)));
  }
  AppendNibbles(channels, hash);
  return hash;
}

}  // namespace immich::media
