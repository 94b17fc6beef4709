#include "platform/testing/redis_test_server.hpp"

#include <gtest/gtest.h>

#include "platform/process/captured_run.hpp"

namespace immich::testing {
namespace {

std::string Ask(const RedisTestServer& server, const std::string& command) {
  process::ChildOptions program{.program = "redis-cli"};
  program.arguments = {"-s", server.socket_path()};
  std::string output = process::RunAndCaptureBlocking(program, {.input = command + "\n"}).output;
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

TEST(RedisTestServerTest, Answers) {
  const RedisTestServer first;
  const RedisTestServer second;
  EXPECT_EQ(Ask(first, "SET a 1"), "OK");
  EXPECT_EQ(Ask(first, "GET a"), "1");
  EXPECT_EQ(Ask(second, "EXISTS a"), "0");
}

TEST(RedisTestServerTest, CanBeKilledAndStarted) {
  RedisTestServer server;
  Ask(server, "SET a 1");
  server.Kill();
  EXPECT_EQ(Ask(server, "GET a").find('1'), std::string::npos);
  server.Start();
  EXPECT_EQ(Ask(server, "EXISTS a"), "0");
}

}  // namespace
}  // namespace immich::testing
