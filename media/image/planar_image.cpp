#include "media/image/planar_image.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace immich::media {
namespace {

constexpr size_t kRowAlignment = 64;
constexpr size_t kRowMultiple = 16;

/// Planes from this size on ask for huge pages: a preview's planes are new memory for every picture, and 2,000 page
/// faults cost 4 ms of 65.
constexpr size_t kHugePageBytes = 2 * 1024 * 1024;

size_t RoundUp(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

uint8_t* Allocate(size_t bytes) {
  const size_t alignment = bytes >= kHugePageBytes ? kHugePageBytes : kRowAlignment;
  void* data = std::aligned_alloc(alignment, RoundUp(bytes, alignment));
  if (data == nullptr) throw std::bad_alloc();
  if (alignment == kHugePageBytes) madvise(data, RoundUp(bytes, alignment), MADV_HUGEPAGE);
  return static_cast<uint8_t*>(data);
}

}  // namespace

Plane::Plane(int width, int height)
    : width_(width),
      height_(height),
      stride_(static_cast<int>(RoundUp(static_cast<size_t>(width), kRowAlignment))),
      padded_rows_(RoundUp(static_cast<size_t>(height), kRowMultiple)) {
  data_.reset(Allocate(static_cast<size_t>(stride_) * padded_rows_ + kRowAlignment));
}

void Plane::Fill(uint8_t value) {
  std::memset(data_.get(), value, static_cast<size_t>(stride_) * padded_rows_);
}

PlanarImage MakePlanarImage(ImageSize size, bool with_alpha) {
  PlanarImage image{.y = Plane(size.width, size.height),
                    .cb = Plane(size.width, size.height),
                    .cr = Plane(size.width, size.height),
                    .alpha = {}};
  if (with_alpha) image.alpha.emplace(size.width, size.height);
  return image;
}

}  // namespace immich::media
