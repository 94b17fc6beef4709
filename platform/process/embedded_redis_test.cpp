#include "platform/process/embedded_redis.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <filesystem>
#include <fstream>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/process/captured_run.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;

class EmbeddedRedisTest : public ::testing::Test {
 protected:
  void SetUp() override { log::SetLevel(log::Level::kOff); }
  void TearDown() override { log::SetLevel(log::Level::kLog); }

  void Run(std::function<Task<void>(Supervisor&, EmbeddedRedis&)> body) {
    RunToCompletion([&]() -> Task<void> {
      Supervisor supervisor(co_await boost::asio::this_coro::executor);
      EmbeddedRedis redis(supervisor, {.data_directory = data_, .program = FindRedisProgram()});
      co_await body(supervisor, redis);
    });
  }

  static Task<std::string> Ask(const EmbeddedRedis& redis, std::string command) {
    ChildOptions program{.program = "redis-cli"};
    program.arguments = {"-s", redis.socket_path()};
    CaptureOptions capture;
    capture.input = command + "\n";
    CapturedRun run = co_await RunAndCapture(program, capture);
    while (run.output.ends_with('\n')) run.output.pop_back();
    co_return run.output;
  }

  testing::TemporaryDirectory directory_;
  const std::string data_ = directory_ / "redis";
};

TEST_F(EmbeddedRedisTest, KeepsItsDataOverStopAndStart) {
  Run([](Supervisor&, EmbeddedRedis& redis) -> Task<void> {
    co_await redis.Start();
    co_await Ask(redis, "SET a kept");
    const std::string policy = co_await Ask(redis, "CONFIG GET maxmemory-policy");
    EXPECT_EQ(policy, "maxmemory-policy\nnoeviction");
    co_await redis.Stop();
  });
  Run([](Supervisor&, EmbeddedRedis& redis) -> Task<void> {
    co_await redis.Start();
    const std::string kept = co_await Ask(redis, "GET a");
    EXPECT_EQ(kept, "kept");
    co_await redis.Stop();
  });
}

TEST_F(EmbeddedRedisTest, ComesBackAfterACrash) {
  Run([](Supervisor& supervisor, EmbeddedRedis& redis) -> Task<void> {
    co_await redis.Start();
    supervisor.Signal("Redis", SIGKILL);
    while (supervisor.RestartsOf("Redis") < 1 || !supervisor.IsRunning("Redis")) co_await SleepFor(5ms);
    const std::string pong = co_await Ask(redis, "PING");
    EXPECT_EQ(pong, "PONG");
    co_await redis.Stop();
  });
}

TEST_F(EmbeddedRedisTest, BrokenDataArePutAside) {
  std::filesystem::create_directories(data_ + "/appendonlydir");
  std::ofstream(data_ + "/appendonlydir/appendonly.aof.manifest") << "this is no manifest\n";
  Run([](Supervisor&, EmbeddedRedis& redis) -> Task<void> {
    co_await redis.Start();
    const std::string pong = co_await Ask(redis, "PING");
    EXPECT_EQ(pong, "PONG");
    co_await redis.Stop();
  });
  int aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
    aside += entry.path().filename().string().starts_with("redis.broken-") ? 1 : 0;
  }
  EXPECT_EQ(aside, 1);
}

}  // namespace
}  // namespace immich::process
