#include "platform/process/embedded_postgres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/log/log.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;

std::string BinDirectory() {
  const char* configured = std::getenv("IMMICH_PG_BINDIR");
  return FindPostgresPrograms(configured != nullptr ? configured : "");
}

/// Names a folder for DISABLED_RunsUntilKilled.
constexpr const char* kFolderVariable = "EMBEDDED_POSTGRES_TEST_FOLDER";

class EmbeddedPostgresTest : public ::testing::Test {
 protected:
  void SetUp() override { log::SetLevel(log::Level::kOff); }
  void TearDown() override { log::SetLevel(log::Level::kLog); }

  static EmbeddedPostgresOptions Options(const std::string& data) {
    EmbeddedPostgresOptions options{.data_directory = data, .bin_directory = BinDirectory()};
    options.max_connections = 10;
    options.durable = false;
    return options;
  }

  void Run(const std::string& data, std::function<Task<void>(Supervisor&, EmbeddedPostgres&)> body) {
    RunToCompletion([&]() -> Task<void> {
      Supervisor supervisor(co_await boost::asio::this_coro::executor);
      EmbeddedPostgres postgres(supervisor, Options(data));
      co_await body(supervisor, postgres);
    });
  }

  testing::TemporaryDirectory directory_;
  const std::string data_ = directory_ / "data with space/postgres";
};

TEST_F(EmbeddedPostgresTest, StartsStopsAndKeepsItsData) {
  Run(data_, [](Supervisor& supervisor, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    co_await postgres.Run("immich", "CREATE TABLE t AS SELECT 'kept' AS x");
    const std::string tcp = co_await postgres.Run("immich", "SHOW listen_addresses");
    EXPECT_EQ(tcp, "");
    const std::string locale = co_await postgres.Run(
        "immich",
        "SELECT datlocprovider, daticulocale, datctype, pg_encoding_to_char(encoding) FROM pg_database "
        "WHERE datname = current_database()");
    EXPECT_EQ(locale, "i|en-US|C.UTF-8|UTF8");
    const std::string checksums = co_await postgres.Run("immich", "SHOW data_checksums");
    EXPECT_EQ(checksums, "on");
    co_await postgres.Stop();
    EXPECT_FALSE(supervisor.IsRunning("Postgres"));
  });
  EXPECT_FALSE(std::filesystem::exists(data_ + "/postmaster.pid"));
  Run(data_, [](Supervisor& supervisor, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    const std::string kept = co_await postgres.Run("immich", "SELECT x FROM t");
    EXPECT_EQ(kept, "kept");
    supervisor.Signal("Postgres", SIGKILL);
    while (supervisor.RestartsOf("Postgres") < 1 || !supervisor.IsRunning("Postgres")) co_await SleepFor(5ms);
    const std::string again = co_await postgres.Run("immich", "SELECT x FROM t");
    EXPECT_EQ(again, "kept");
    co_await postgres.Stop();
  });
}

TEST_F(EmbeddedPostgresTest, SocketsArePrivate) {
  Run(data_, [](Supervisor&, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    struct stat info{};
    EXPECT_EQ(stat(postgres.socket_directory().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    EXPECT_THAT(postgres.Url(), ::testing::HasSubstr("data%20with%20space"));
    co_await postgres.Stop();
  });
}

/// A crash left the lock file, and its process id belongs to something else by now.
TEST_F(EmbeddedPostgresTest, StaleLockFileIsNoObstacle) {
  Run(data_, [](Supervisor&, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    co_await postgres.Stop();
  });
  std::ofstream(data_ + "/postmaster.pid") << getpid() << "\n" << data_ << "\n0\n5432\n/tmp\n\n  1 2\nready\n";
  Run(data_, [](Supervisor&, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    const std::string one = co_await postgres.Run("immich", "SELECT 1");
    EXPECT_EQ(one, "1");
    co_await postgres.Stop();
  });
}

TEST_F(EmbeddedPostgresTest, UnfinishedInitdbStartsOver) {
  std::filesystem::create_directories(data_ + ".new/base");
  std::ofstream(data_ + ".new/PG_VERSION") << "15\n";
  Run(data_, [](Supervisor&, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    co_await postgres.Stop();
  });
}

TEST_F(EmbeddedPostgresTest, SaysWhyItDoesNotStart) {
  std::filesystem::create_directories(data_);
  std::ofstream(data_ + "/PG_VERSION") << "9.6\n";
  std::string failure;
  Run(data_, [&](Supervisor&, EmbeddedPostgres& postgres) -> Task<void> {
    try {
      co_await postgres.Start();
    } catch (const InternalError& error) {
      failure = error.detail();
    }
  });
  EXPECT_THAT(failure, ::testing::HasSubstr("PostgreSQL ended while starting (exit code "));
}

TEST_F(EmbeddedPostgresTest, FindsItsPrograms) {
  EXPECT_TRUE(std::filesystem::exists(BinDirectory() + "/postgres"));
  EXPECT_EQ(FindPostgresPrograms(BinDirectory()), BinDirectory());
  EXPECT_THROW(FindPostgresPrograms(directory_.path()), InternalError);
}

/// Not a test of its own: the program the next test kills.
TEST_F(EmbeddedPostgresTest, DISABLED_RunsUntilKilled) {
  const char* folder = std::getenv(kFolderVariable);
  ASSERT_NE(folder, nullptr);
  std::filesystem::remove(directory_.path());  // nobody will do it later
  Run(std::string(folder) + "/pg", [&](Supervisor& supervisor, EmbeddedPostgres& postgres) -> Task<void> {
    co_await postgres.Start();
    std::ofstream(std::string(folder) + "/pid.new") << supervisor.PidOf("Postgres");
    std::filesystem::rename(std::string(folder) + "/pid.new", std::string(folder) + "/pid");
    co_await SleepFor(1h);
  });
}

/// However the server ends, PostgreSQL shuts down cleanly by itself.
TEST_F(EmbeddedPostgresTest, ShutsDownWhenTheServerIsKilled) {
  ChildOptions program{.program = "/proc/self/exe"};
  program.arguments = {"--gtest_also_run_disabled_tests", "--gtest_filter=*DISABLED_RunsUntilKilled"};
  program.environment = {{kFolderVariable, directory_.path()}};
  program.output = {Stream::Kind::kNull};
  ChildProcess server = ChildProcess::Start(program);
  while (!std::filesystem::exists(directory_ / "pid")) {
    ASSERT_FALSE(server.WaitBlocking(5ms)) << "the helper ended early";
  }
  const std::string proc = "/proc/" + fs::ReadWholeFile(directory_ / "pid");
  ASSERT_TRUE(std::filesystem::exists(proc));
  server.Signal(SIGKILL);
  ASSERT_TRUE(server.WaitBlocking(10s));
  for (int i = 0; i < 1000 && std::filesystem::exists(directory_ / "pg/postmaster.pid"); ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_FALSE(std::filesystem::exists(directory_ / "pg/postmaster.pid"));
}

}  // namespace
}  // namespace immich::process
