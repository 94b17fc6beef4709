// immich_test_postgres DIRECTORY BINDIR
// Keeps the PostgreSQL cluster that test programs share (see test_postgres_files.hpp). Not for use by hand.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/process/embedded_postgres.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "platform/process/supervisor.hpp"
#include "platform/testing/test_postgres_files.hpp"

namespace immich::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kCheckEvery = 500ms;
constexpr auto kIdleBeforeEnd = 15s;

fs::Fd TryLock(const std::string& path) {
  fs::Fd fd = fs::Open(path, O_RDWR | O_CREAT, 0600);
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return fd;
}

/// Returns, holding the start lock, when no test program has used the cluster for a while.
Task<fs::Fd> UntilUnused(const TestPostgresFiles& files) {
  auto idle_since = std::chrono::steady_clock::now();
  for (;;) {
    co_await SleepFor(kCheckEvery);
    if (!TryLock(files.users_lock())) idle_since = std::chrono::steady_clock::now();
    if (std::chrono::steady_clock::now() - idle_since < kIdleBeforeEnd) continue;
    // With the start lock in hand nobody can join any more.
    fs::Fd start = TryLock(files.start_lock());
    if (start && TryLock(files.users_lock())) co_return start;
  }
}

Task<void> Keep(const TestPostgresFiles& files, const std::string& bin_directory) {
  // The starter holds this lock for an instant while it looks whether we are alive.
  fs::Fd alive;
  while (!(alive = TryLock(files.keeper_lock()))) co_await SleepFor(10ms);
  for (const auto& entry : std::filesystem::directory_iterator(files.directory)) {
    if (entry.path().extension() != ".lock" && entry.path() != files.log()) std::filesystem::remove_all(entry.path());
  }
  process::Supervisor supervisor(co_await boost::asio::this_coro::executor);
  process::EmbeddedPostgresOptions options{.data_directory = files.data(), .bin_directory = bin_directory};
  options.max_connections = 300;
  options.durable = false;
  process::EmbeddedPostgres postgres(supervisor, std::move(options));
  co_await postgres.Start();
  (void)!write(TestPostgresFiles::kReportFd, &TestPostgresFiles::kReady, 1);
  close(TestPostgresFiles::kReportFd);
  const fs::Fd start = co_await UntilUnused(files);
  co_await postgres.Stop();
  std::filesystem::remove_all(files.data());
  std::filesystem::remove_all(files.socket_directory());
}

}  // namespace
}  // namespace immich::testing

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: immich_test_postgres DIRECTORY BINDIR\n", stderr);
    return 2;
  }
  immich::process::IgnoreBrokenPipes();
  try {
    const immich::testing::TestPostgresFiles files{argv[1]};
    const std::string bin_directory = argv[2];
    immich::RunToCompletion([&] { return immich::testing::Keep(files, bin_directory); });
    return 0;
  } catch (const immich::InternalError& error) {
    std::fprintf(stderr, "%s\n", error.detail().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 1;
}
