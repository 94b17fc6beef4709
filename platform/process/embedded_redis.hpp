#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/process/supervisor.hpp"

namespace immich::process {

struct EmbeddedRedisOptions {
  /// Absolute; created when missing. The socket is in `<data_directory>.socket` (see SocketDirectory).
  std::string data_directory;
  /// Path or name of redis-server or valkey-server.
  std::string program;
};

/// A private Redis: a child that listens on a unix socket in a folder only this account can enter. Writes reach the
/// disk every second. It is restarted when it crashes and ends with this process.
class EmbeddedRedis {
 public:
  EmbeddedRedis(Supervisor& supervisor, EmbeddedRedisOptions options);

  /// Starts it and waits until it answers. Data it cannot read are put aside (`<data_directory>.broken-…`): queues and
  /// caches are rebuilt by the periodic sweeps. Throws InternalError.
  Task<void> Start();
  Task<void> Stop();
  const std::string& socket_path() const { return socket_path_; }

 private:
  Task<void> StartServer();

  Supervisor& supervisor_;
  EmbeddedRedisOptions options_;
  std::string socket_path_;
};

/// `redis-server` or `valkey-server` in PATH, or `.deps/bin/redis-server` of the working directory or of a folder above
/// this program. Throws InternalError when there is none.
std::string FindRedisProgram();

}  // namespace immich::process
