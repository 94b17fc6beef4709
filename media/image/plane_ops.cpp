#include "media/image/plane_ops.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace immich::media {
namespace {

constexpr int kBlock = 16;

int RoundUpToBlock(int value) {
  return (value + kBlock - 1) / kBlock * kBlock;
}

/// Rows stay rows: copy or mirror each, top down or bottom up.
void OrientRows(const Plane& source, ImageRect rect, AxisMap axes, Plane& out) {
  for (int y = 0; y < rect.height; ++y) {
    const uint8_t* from = source.Row(rect.y + (axes.flip_y ? rect.height - 1 - y : y)) + rect.x;
    if (axes.flip_x) {
      std::reverse_copy(from, from + rect.width, out.Row(y));
    } else {
      std::memcpy(out.Row(y), from, static_cast<size_t>(rect.width));
    }
  }
}

/// Transposes an 8×8 block held in eight 64-bit words, byte x of word y to byte y of word x.
void Transpose8x8(uint64_t (&rows)[8]) {
  for (int i = 0; i < 8; i += 2) {
    const uint64_t t = ((rows[i] >> 8) ^ rows[i + 1]) & 0x00FF00FF00FF00FFULL;
    rows[i + 1] ^= t;
    rows[i] ^= t << 8;
  }
  for (const int i : {0, 1, 4, 5}) {
    const uint64_t t = ((rows[i] >> 16) ^ rows[i + 2]) & 0x0000FFFF0000FFFFULL;
    rows[i + 2] ^= t;
    rows[i] ^= t << 16;
  }
  for (int i = 0; i < 4; ++i) {
    const uint64_t t = ((rows[i] >> 32) ^ rows[i + 4]) & 0x00000000FFFFFFFFULL;
    rows[i + 4] ^= t;
    rows[i] ^= t << 32;
  }
}

/// Averages 2×2 samples. Two samples are loaded as one 16-bit number, which vectorises without shuffles.
void HalveRows(const uint8_t* __restrict top, const uint8_t* __restrict bottom, uint8_t* __restrict to, int pairs) {
  for (int x = 0; x < pairs; ++x) {
    uint16_t a = 0;
    uint16_t b = 0;
    std::memcpy(&a, top + 2 * x, 2);
    std::memcpy(&b, bottom + 2 * x, 2);
    const auto sum = static_cast<uint16_t>((a & 255) + (a >> 8) + (b & 255) + (b >> 8) + 2);
    to[x] = static_cast<uint8_t>(sum >> 2);
  }
}

/// Columns become rows. Works on 8×8 blocks; the ragged edge goes sample by sample.
void OrientColumns(const Plane& source, ImageRect rect, AxisMap axes, Plane& out) {
  const auto source_x = [&](int v) { return rect.x + (axes.flip_x ? rect.width - 1 - v : v); };
  const auto source_y = [&](int u) { return rect.y + (axes.flip_y ? rect.height - 1 - u : u); };
  const int block_width = rect.height / 8 * 8;  // in output columns
  const int block_height = rect.width / 8 * 8;  // in output rows
  for (int v = 0; v < block_height; v += 8) {
    const int x = std::min(source_x(v), source_x(v + 7));
    for (int u = 0; u < block_width; u += 8) {
      uint64_t rows[8];
      for (int i = 0; i < 8; ++i) std::memcpy(&rows[i], source.Row(source_y(u + i)) + x, 8);
      Transpose8x8(rows);
      for (int i = 0; i < 8; ++i) std::memcpy(out.Row(v + i) + u, &rows[axes.flip_x ? 7 - i : i], 8);
    }
  }
  for (int v = 0; v < rect.width; ++v) {
    const int start = v < block_height ? block_width : 0;
    for (int u = start; u < rect.height; ++u) out.Row(v)[u] = source.Row(source_y(u))[source_x(v)];
  }
}

}  // namespace

void PadPlane(Plane& plane) {
  const int padded_width = std::min(RoundUpToBlock(plane.width()), plane.stride());
  for (int y = 0; y < plane.height(); ++y) {
    uint8_t* row = plane.Row(y);
    std::memset(row + plane.width(), row[plane.width() - 1], static_cast<size_t>(padded_width - plane.width()));
  }
  for (int y = plane.height(); y < static_cast<int>(plane.padded_rows()); ++y) {
    std::memcpy(plane.Row(y), plane.Row(plane.height() - 1), static_cast<size_t>(padded_width));
  }
}

Plane CropAndOrient(const Plane& source, ImageRect rect, Orientation orientation) {
  const AxisMap axes = AxesOf(orientation);
  Plane out(axes.swap ? rect.height : rect.width, axes.swap ? rect.width : rect.height);
  if (axes.swap) {
    OrientColumns(source, rect, axes, out);
  } else {
    OrientRows(source, rect, axes, out);
  }
  return out;
}

PlanarImage CropAndOrient(PlanarImage image, ImageRect rect, Orientation orientation) {
  const bool whole = rect == ImageRect{0, 0, image.size().width, image.size().height};
  if (whole && orientation == Orientation::kUpright) return image;
  image.y = CropAndOrient(image.y, rect, orientation);
  image.cb = CropAndOrient(image.cb, rect, orientation);
  image.cr = CropAndOrient(image.cr, rect, orientation);
  if (image.alpha) image.alpha = CropAndOrient(*image.alpha, rect, orientation);
  return image;
}

Plane HalvePlane(const Plane& source) {
  Plane out((source.width() + 1) / 2, (source.height() + 1) / 2);
  const int pairs = source.width() / 2;
  for (int y = 0; y < out.height(); ++y) {
    const uint8_t* top = source.Row(2 * y);
    const uint8_t* bottom = source.Row(std::min(2 * y + 1, source.height() - 1));
    uint8_t* to = out.Row(y);
    HalveRows(top, bottom, to, pairs);
    if (pairs < out.width()) to[pairs] = static_cast<uint8_t>((top[2 * pairs] + bottom[2 * pairs] + 1) >> 1);
  }
  return out;
}

bool HasTransparency(const Plane& alpha) {
  for (int y = 0; y < alpha.height(); ++y) {
    const uint8_t* row = alpha.Row(y);
    uint8_t smallest = 255;
    for (int x = 0; x < alpha.width(); ++x) smallest = std::min(smallest, row[x]);
    if (smallest < 255) return true;
  }
  return false;
}

void FlattenOnBlack(PlanarImage& image) {
  if (!image.alpha) return;
  for (int y = 0; y < image.size().height; ++y) {
    const uint8_t* alpha = image.alpha->Row(y);
    uint8_t* luma = image.y.Row(y);
    uint8_t* cb = image.cb.Row(y);
    uint8_t* cr = image.cr.Row(y);
    for (int x = 0; x < image.size().width; ++x) {
      const int a = alpha[x];
      luma[x] = static_cast<uint8_t>((luma[x] * a + 127) / 255);
      cb[x] = static_cast<uint8_t>(128 + ((cb[x] - 128) * a) / 255);
      cr[x] = static_cast<uint8_t>(128 + ((cr[x] - 128) * a) / 255);
    }
  }
  image.alpha.reset();
}

}  // namespace immich::media
