#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "media/failure.hpp"

namespace immich::media {

/// One `exiftool -stay_open True -@ -` child, found through PATH and started without a shell. It ends with the thread
/// that started it, in whatever way that one ends.
class ExifToolProcess {
 public:
  /// Fails with kInternal when there is no such program.
  static std::expected<std::unique_ptr<ExifToolProcess>, Failure> Start();
  /// Kills and reaps the child.
  ~ExifToolProcess();
  ExifToolProcess(const ExifToolProcess&) = delete;
  ExifToolProcess& operator=(const ExifToolProcess&) = delete;

  /// Arguments must not contain line breaks. After any failure the process must not be used again.
  std::expected<std::string, Failure> Run(const std::vector<std::string>& arguments, std::chrono::milliseconds limit);

 private:
  ExifToolProcess(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

  bool Send(const std::string& text, std::chrono::steady_clock::time_point deadline);

  pid_t pid_;
  int input_;   ///< the child's stdin
  int output_;  ///< the child's stdout
};

}  // namespace immich::media
