#pragma once

#include <chrono>
#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "media/failure.hpp"
#include "media/metadata/exiftool/exiftool_process.hpp"

namespace immich::media {

/// Keeps `exiftool -stay_open` processes (46 MB and 70 ms to start each) for as long as they are used: one per
/// concurrent call, stopped after 30 idle seconds. Thread-safe.
class ExifToolPool {
 public:
  ExifToolPool() = default;
  ~ExifToolPool();
  ExifToolPool(const ExifToolPool&) = delete;
  ExifToolPool& operator=(const ExifToolPool&) = delete;

  /// The pool of this process.
  static ExifToolPool& Shared();

  /// Runs one command (arguments without -execute and without line breaks) and returns what it prints. A process that
  /// answers later than `limit` is killed: kTimeout. kInternal when the program cannot be started or dies.
  std::expected<std::string, Failure> Run(const std::vector<std::string>& arguments, std::chrono::milliseconds limit);

  /// Stops all idle processes now.
  void StopIdle();
  size_t idle_count();

 private:
  struct Idle {
    std::unique_ptr<ExifToolProcess> process;
    std::chrono::steady_clock::time_point since;
  };

  std::unique_ptr<ExifToolProcess> TakeIdle();
  void PutBack(std::unique_ptr<ExifToolProcess> process);
  void ReapLoop(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Idle> idle_;
  std::jthread reaper_;  ///< started with the first process
};

}  // namespace immich::media
