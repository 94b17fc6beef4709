#pragma once

#include <memory>
#include <string>

#include "platform/process/child_process.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::testing {

/// A Redis of its own on a unix socket; about 20 ms to make. It ends with the object or, whatever happens, with the
/// thread that made it. Nothing is written to disk.
class RedisTestServer {
 public:
  RedisTestServer();
  ~RedisTestServer();

  const std::string& socket_path() const { return socket_path_; }
  /// Kills it, as a crash would; connections break and new ones are refused.
  void Kill();
  /// Starts it again (empty) after Kill.
  void Start();
  /// Stops answering without breaking connections (SIGSTOP), and goes on.
  void Freeze();
  void Thaw();

 private:
  TemporaryDirectory directory_;
  std::string socket_path_;
  process::ChildProcess server_;
};

}  // namespace immich::testing
