#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/geo/time_zone.hpp"
#include "media/metadata/tag_set.hpp"
#include "platform/time/time_point.hpp"

namespace immich::media {

/// Times and size of the file itself.
struct FileFacts {
  int64_t size_bytes = 0;
  TimePoint modified;
  std::optional<TimePoint> born;  ///< nullopt where the file system does not keep it
};

/// What a video prober found, as far as it replaces tags.
struct VideoFacts {
  std::optional<double> duration_seconds;
  std::optional<int> rotation_degrees;  ///< -90, 0, 90, 180 as players report it
  int width = 0;                        ///< as stored
  int height = 0;
  std::optional<double> frames_per_second;
};

/// A named face box in whole pixels of the upright picture of size image_width × image_height.
struct FaceRegion {
  std::string name;
  int image_width = 0;
  int image_height = 0;
  int x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};

/// A video inside the photo: `length` bytes from `offset`.
struct MotionPhoto {
  int64_t offset = 0;
  int64_t length = 0;
};

/// Everything extraction learns about a file: the columns of asset_exif plus what asset, faces and live photos take.
struct MediaMetadata {
  TimePoint date_time_original;          ///< the instant the picture was taken
  LocalTime local_date_time;             ///< the same as the wall clock showed it
  std::optional<std::string> time_zone;  ///< "Europe/Zurich", "UTC+2"; nullopt when nothing tells
  bool has_capture_date = false;         ///< false: the dates are the file's
  TimePoint modify_date;

  std::optional<double> latitude, longitude;
  int64_t file_size_bytes = 0;
  std::optional<int> exif_image_width, exif_image_height;  ///< as stored
  std::optional<int> width, height;                        ///< upright
  std::optional<int> orientation;                          ///< 1..8
  std::optional<std::string> projection_type;              ///< upper case
  std::optional<int> bits_per_sample;
  std::optional<std::string> colorspace;
  std::optional<std::string> profile_description;
  std::optional<std::string> make, model, lens_model;
  std::optional<double> fps;
  std::optional<int> iso;
  std::optional<double> f_number, focal_length;
  std::optional<std::string> exposure_time;
  std::string description;
  std::optional<int> rating;  ///< 1..5
  std::optional<std::string> live_photo_cid;
  std::optional<std::string> auto_stack_id;
  std::vector<std::string> tags;  ///< paths: "parent/child"
  std::optional<int64_t> duration_ms;
  std::vector<FaceRegion> faces;
  std::optional<MotionPhoto> motion_photo;
};

}  // namespace immich::media
