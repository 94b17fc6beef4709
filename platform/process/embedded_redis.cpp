#include "platform/process/embedded_redis.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/directory.hpp"
#include "platform/log/log.hpp"
#include "platform/process/service_directory.hpp"
#include "platform/time/time_point.hpp"

namespace immich::process {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::string_view kContext = "Redis";
/// Loading a large append-only file takes a while.
constexpr auto kStartTimeout = 5min;

/// True when the server answers a PING (while it loads its data it answers with an error).
Task<bool> Answers(const std::string& socket_path) {
  asio::local::stream_protocol::socket socket(co_await asio::this_coro::executor);
  const asio::local::stream_protocol::endpoint endpoint(socket_path);
  boost::system::error_code code;
  co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, code));
  if (code) co_return false;
  constexpr std::string_view kPing = "PING\r\n";
  co_await asio::async_write(socket, asio::buffer(kPing), asio::redirect_error(asio::use_awaitable, code));
  if (code) co_return false;
  std::array<char, 64> answer{};
  co_await socket.async_read_some(asio::buffer(answer), asio::redirect_error(asio::use_awaitable, code));
  co_return !code && std::string_view(answer.data()).starts_with("+PONG");
}

Task<void> UntilReady(std::string socket_path, ChildProcess& server) {
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  while (!co_await Answers(socket_path)) {
    if (const auto status = server.Poll()) throw InternalError("Redis ended while starting: " + status->ToString());
    if (std::chrono::steady_clock::now() > deadline) throw InternalError("Redis does not get ready");
    co_await SleepFor(5ms);
  }
}

ChildOptions ServerProgram(const EmbeddedRedisOptions& options, const std::string& socket_path) {
  ChildOptions program{.program = options.program};
  program.arguments = {"--port",
                       "0",
                       "--unixsocket",
                       socket_path,
                       "--unixsocketperm",
                       "700",
                       "--dir",
                       options.data_directory,
                       "--appendonly",
                       "yes",
                       "--appendfsync",
                       "everysec",
                       "--save",
                       "",
                       "--maxmemory-policy",
                       "noeviction",
                       "--daemonize",
                       "no",
                       "--loglevel",
                       "warning",
                       "--set-proc-title",
                       "no"};
  program.working_directory = options.data_directory;
  program.death_signal = SIGTERM;
  return program;
}

/// Level of a line of the server's log: `<process>:<role> <day> <month> <year> <time> <sign> <text>`, where `#` marks
/// what is worth a warning. Not so its advice on the machine, which is for big servers with snapshots, nor what Redis 7
/// says with that sign whenever it starts and stops.
log::Level LevelOfServerLine(std::string_view line) {
  constexpr std::string_view kOrdinary[] = {"Memory overcommit must be enabled",
                                            "overcommit_memory is set to 0",
                                            "Transparent Huge Pages",
                                            "TCP backlog setting",
                                            "Redis is starting",
                                            "Redis version=",
                                            "Configuration loaded",
                                            "Server initialized",
                                            "User requested shutdown",
                                            "scheduling shutdown",
                                            "Redis is now ready to exit"};
  const bool is_ordinary =
      std::ranges::any_of(kOrdinary, [line](std::string_view text) { return line.find(text) != line.npos; });
  return !is_ordinary && line.find(" # ") != line.npos ? log::Level::kWarn : log::Level::kDebug;
}

}  // namespace

EmbeddedRedis::EmbeddedRedis(Supervisor& supervisor, EmbeddedRedisOptions options)
    : supervisor_(supervisor),
      options_(std::move(options)),
      socket_path_(SocketDirectory(options_.data_directory + ".socket") + "/redis.sock") {}

Task<void> EmbeddedRedis::StartServer() {
  const auto prepare = [data = options_.data_directory, socket = socket_path_] {
    EnsurePrivateDirectory(data, std::nullopt);
    EnsurePrivateDirectory(fs::ParentOf(socket), std::nullopt);
    fs::RemoveFile(socket);
  };
  co_await RunBlocking(prepare);
  SupervisedChild child;
  child.name = kContext;
  child.program = [options = options_, socket = socket_path_] { return ServerProgram(options, socket); };
  child.until_ready = [socket = socket_path_](ChildProcess& server) { return UntilReady(socket, server); };
  child.level_of_line = LevelOfServerLine;
  co_await supervisor_.Add(std::move(child));
}

Task<void> EmbeddedRedis::Start() {
  std::string failure;
  try {
    co_await StartServer();
    co_return;
  } catch (const InternalError& error) {
    failure = error.detail();
  }
  if (!std::filesystem::exists(options_.data_directory + "/appendonlydir")) throw InternalError(failure);
  const std::string aside = options_.data_directory + ".broken-" + std::to_string(UnixMilliseconds(Now()));
  std::filesystem::rename(options_.data_directory, aside);
  log::Error(kContext, "{}. Its data are put aside in {}; starting with empty queues", failure, aside);
  co_await StartServer();
}

Task<void> EmbeddedRedis::Stop() {
  co_await supervisor_.Remove(std::string(kContext));
}

std::string FindRedisProgram() {
  namespace stdfs = std::filesystem;
  std::error_code error;
  for (const char* name : {"redis-server", "valkey-server"}) {
    const char* variable = std::getenv("PATH");
    std::istringstream path(variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin");
    for (std::string folder; std::getline(path, folder, ':');) {
      const std::string program = folder + "/" + name;
      if (!folder.empty() && access(program.c_str(), X_OK) == 0) return program;
    }
  }
  stdfs::path folder = stdfs::read_symlink("/proc/self/exe", error);
  for (folder = folder.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    const stdfs::path program = folder / ".deps/bin/redis-server";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  throw InternalError("no redis-server found: install it, or set REDIS_HOSTNAME or REDIS_SOCKET to use a server");
}

}  // namespace immich::process
