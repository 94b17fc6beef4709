#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "media/failure.hpp"
#include "media/video/av/av_handles.hpp"

namespace immich::media {

/// An opened media file. Only container formats on our list are tried and only plain files are read: playlists, image
/// sequences and references to other files or addresses stay closed.
class AvInput {
 public:
  /// Opens the file and finds its streams. The whole life of the input is limited to `limit`.
  static std::expected<AvInput, Failure> Open(const std::string& path, std::chrono::seconds limit);

  AVFormatContext* get() const { return format_.get(); }
  AVFormatContext* operator->() const { return format_.get(); }

  /// Video streams that are no attached pictures, or audio streams; default first, then by bitrate.
  std::vector<AVStream*> StreamsByPreference(AVMediaType type) const;

  bool timed_out() const;

 private:
  struct Deadline {
    std::chrono::steady_clock::time_point at;
  };
  std::unique_ptr<Deadline> deadline_;  ///< outlives format_, which holds its address
  AvFormatHandle format_;
};

}  // namespace immich::media
