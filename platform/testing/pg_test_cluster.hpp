#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace immich::testing {

/// A database of its own for a test, on a PostgreSQL cluster that all test programs of this machine's user share. The
/// first one starts the cluster (initdb about a second); it ends some seconds after the last one, also when that
/// crashed. Nothing in it is durable. A clone takes about 50 ms.
class TestDatabase {
 public:
  /// An empty database.
  TestDatabase();
  /// A copy of the template `template_name`, which `prepare` fills once per cluster through the URL it gets. The name
  /// must change when what `prepare` does changes (put a digest of the migrations into it), because a cluster outlives
  /// a rebuild. `prepare` must close its connections.
  TestDatabase(std::string_view template_name, const std::function<void(const std::string& url)>& prepare);
  /// Ends connections that are left and drops the database.
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  /// For libpq; superuser.
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }
  /// Runs statements through psql and returns what they print: one line a row, columns separated by `|`.
  std::string Run(const std::string& statements) const;

 private:
  std::string name_;
  std::string url_;
};

/// A PostgreSQL server of its own, for tests that break it. Takes about a second to make.
class PgTestServer {
 public:
  PgTestServer();
  ~PgTestServer();

  std::string Url(std::string_view database = "immich") const;
  /// Kills the server the hard way and returns when it runs again.
  void Crash();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace immich::testing
