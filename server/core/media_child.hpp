#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <expected>
#include <string>

#include "media/failure.hpp"
#include "platform/async/task.hpp"
#include "platform/process/child_process.hpp"
#include "server/core/media_workers.hpp"

namespace immich {

/// One running `immich-media-worker` and our end of its socket.
class MediaChild {
 public:
  /// Throws InternalError when it cannot be started.
  MediaChild(const boost::asio::any_io_executor& executor, const MediaWorkerOptions& options);

  /// Sends an order and waits for the reply. After a failure of its own (crash, time) the child must not be used again.
  Task<std::expected<std::string, media::Failure>> Exchange(std::string message, std::chrono::milliseconds time_limit);
  bool is_usable() { return !broken_ && !process_.Poll(); }

  std::chrono::steady_clock::time_point idle_since;

 private:
  struct Started;
  MediaChild(const boost::asio::any_io_executor& executor, Started started);
  static Started Start(const MediaWorkerOptions& options);
  Task<void> Write(const std::string& message);
  Task<std::string> Read();
  /// Why the socket broke.
  Task<media::Failure> Diagnose();

  boost::asio::posix::stream_descriptor socket_;
  process::ChildProcess process_;
  bool broken_ = false;
  bool timed_out_ = false;
};

}  // namespace immich
