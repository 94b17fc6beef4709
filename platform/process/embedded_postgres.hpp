#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/process/supervisor.hpp"

namespace immich::process {

struct EmbeddedPostgresOptions {
  /// Absolute; created when missing. Its sockets are in `<data_directory>.socket` (see SocketDirectory).
  std::string data_directory;
  /// Folder of postgres, initdb and psql.
  std::string bin_directory;
  std::string database = "immich";
  int max_connections = 60;
  int shared_buffers_mb = 96;
  /// Off for tests only: a crash may lose or break everything.
  bool durable = true;
};

/// A private PostgreSQL: a child that listens on a unix socket only this account (and root) can reach. It is restarted
/// when it crashes and shuts down when this process ends in whatever way.
class EmbeddedPostgres {
 public:
  EmbeddedPostgres(Supervisor& supervisor, EmbeddedPostgresOptions options);

  /// Makes the cluster when there is none, starts it, waits until it accepts connections (crash recovery included) and
  /// creates the database. Throws InternalError, also when extensions the schema needs are not installed.
  Task<void> Start();
  /// Fast shutdown: open transactions are rolled back.
  Task<void> Stop();

  /// `postgresql:///…` for libpq, for `database` or the one of the options.
  std::string Url(std::string_view database = {}) const;
  const std::string& socket_directory() const { return socket_directory_; }
  /// Runs one statement as superuser through psql and returns what it prints (no decoration). Throws InternalError.
  Task<std::string> Run(std::string database, std::string statement);

 private:
  ChildOptions ServerProgram() const;
  Task<void> Initialize();
  Task<void> CreateDatabase();
  Task<void> CheckExtensions();

  Supervisor& supervisor_;
  EmbeddedPostgresOptions options_;
  std::optional<Account> account_;
  std::string socket_directory_;
};

/// `postgresql:///…` of the private PostgreSQL of `data_directory`, whoever started it.
std::string EmbeddedPostgresUrl(const std::string& data_directory, std::string_view database);

/// `configured` (IMMICH_PG_BINDIR) when not empty; else the private tree `.deps/pgsql/bin` of the working directory or
/// of a folder above this program, else the newest of /usr/lib/postgresql/*/bin. Throws InternalError when there is
/// none.
std::string FindPostgresPrograms(const std::string& configured);

}  // namespace immich::process
