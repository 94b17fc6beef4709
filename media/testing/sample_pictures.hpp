#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "media/image/image_geometry.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media::testing {

using Rgb = std::array<int, 3>;

/// A picture whose quarters are red (top left), green (top right), blue (bottom left) and grey: every orientation of it
/// looks different.
PlanarImage QuarteredPicture(ImageSize size);

/// QuarteredPicture as JPEG; `quality` from 80 on is 4:4:4, below 4:2:0.
std::vector<uint8_t> QuarteredJpeg(ImageSize size, int quality = 90, bool progressive = false);

/// A JPEG with an EXIF block holding nothing but the orientation, behind the SOI marker.
std::vector<uint8_t> WithExifOrientation(const std::vector<uint8_t>& jpeg, int orientation);

/// Mean colour of the middle of each quarter: top left, top right, bottom left, bottom right.
std::array<Rgb, 4> QuarterColors(const PlanarImage& picture);

/// The same for encoded renditions. Fails the test when they do not decode.
PlanarImage DecodeJpegForTest(std::span<const uint8_t> bytes);
PlanarImage DecodeWebpForTest(std::span<const uint8_t> bytes);

inline constexpr Rgb kRed{220, 30, 30};
inline constexpr Rgb kGreen{30, 200, 40};
inline constexpr Rgb kBlue{30, 40, 210};
inline constexpr Rgb kGrey{128, 128, 128};

/// Largest difference of the channels.
int Distance(Rgb a, Rgb b);

/// A file below the system's temporary folder, removed at the end.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& extension, std::span<const uint8_t> bytes);
  TemporaryFile(const std::string& extension, std::string_view text);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// The shared corpus of media files, empty when it is not there (tests that need it skip).
std::filesystem::path CorpusFolder();

}  // namespace immich::media::testing
