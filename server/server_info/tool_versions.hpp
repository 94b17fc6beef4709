#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"

namespace immich::server_info {

/// Versions of the programs that media work depends on; absent when a program is not installed.
struct ToolVersions {
  std::optional<std::string> exiftool;
  std::optional<std::string> ffmpeg;
  std::optional<std::string> libvips;
};

/// Asks the programs once, when the first caller wants to know; answers come from memory afterwards. One event loop
/// only.
class ToolVersionProbe {
 public:
  Task<ToolVersions> Get();

 private:
  /// Several requests may ask at the same time; each then runs the programs, and all get the same.
  std::optional<ToolVersions> known_;
};

}  // namespace immich::server_info
