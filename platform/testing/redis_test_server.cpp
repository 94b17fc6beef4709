#include "platform/testing/redis_test_server.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "platform/error/error.hpp"
#include "platform/process/embedded_redis.hpp"

namespace immich::testing {
namespace {

using namespace std::chrono_literals;

bool Accepts(const std::string& socket_path) {
  const fs::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof address.sun_path - 1);
  return connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

RedisTestServer::RedisTestServer() : socket_path_(directory_ / "redis.sock") {
  Start();
}
RedisTestServer::~RedisTestServer() = default;

void RedisTestServer::Start() {
  process::ChildOptions program{.program = process::FindRedisProgram()};
  program.arguments = {"--port",       "0",  "--unixsocket", socket_path_,      "--save",     "",
                       "--appendonly", "no", "--dir",        directory_.path(), "--loglevel", "warning"};
  program.output = {process::Stream::Kind::kNull};
  server_ = process::ChildProcess::Start(program);
  while (!Accepts(socket_path_)) {
    if (const auto status = server_.WaitBlocking(1ms)) throw InternalError("redis-server: " + status->ToString());
  }
}

void RedisTestServer::Kill() {
  server_.Signal(SIGKILL);
  server_.WaitBlocking(10s);
  unlink(socket_path_.c_str());
}

void RedisTestServer::Freeze() {
  server_.Signal(SIGSTOP);
}
void RedisTestServer::Thaw() {
  server_.Signal(SIGCONT);
}

}  // namespace immich::testing
