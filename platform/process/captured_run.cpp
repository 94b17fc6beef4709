#include "platform/process/captured_run.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"

namespace immich::process {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kMaxLineBytes = 8 * 1024;

struct Running {
  ChildProcess child;
  CapturedRun run;
};

/// Appends what arrives to `out`; kills the child's group beyond `max_bytes`.
Task<void> Collect(fs::Fd pipe, std::string& out, std::size_t max_bytes, Running& running) {
  if (!pipe) co_return;
  stream_descriptor stream(co_await asio::this_coro::executor, pipe.Release());
  std::vector<char> buffer(kReadBytes);
  boost::system::error_code code;
  while (!code) {
    const std::size_t got =
        co_await stream.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, code));
    if (out.size() + got > max_bytes) {
      running.run.too_much_output = true;
      running.child.SignalGroup(SIGKILL);
      co_return;
    }
    out.append(buffer.data(), got);
  }
}

Task<void> Feed(fs::Fd pipe, const std::string& input) {
  if (!pipe) co_return;
  stream_descriptor stream(co_await asio::this_coro::executor, pipe.Release());
  // A program that does not want its input all the way is its own business.
  boost::system::error_code ignored;
  co_await asio::async_write(stream, asio::buffer(input), asio::redirect_error(asio::use_awaitable, ignored));
}

Task<void> KeepStatus(Running& running) {
  running.run.status = co_await running.child.Wait();
}

}  // namespace

Task<CapturedRun> RunAndCapture(ChildOptions program, CaptureOptions options) {
  using asio::experimental::awaitable_operators::operator&&;
  if (!options.input.empty()) program.input = {Stream::Kind::kPipe};
  if (program.output.kind == Stream::Kind::kInherit) program.output = {Stream::Kind::kPipe};
  if (program.error.kind == Stream::Kind::kInherit) program.error = {Stream::Kind::kPipe};
  IgnoreBrokenPipes();
  const auto running = std::make_shared<Running>();
  running->child = ChildProcess::Start(program);
  asio::steady_timer timer(co_await asio::this_coro::executor, options.timeout);
  timer.async_wait([weak = std::weak_ptr(running)](const boost::system::error_code& code) {
    const auto late = weak.lock();
    if (code || !late) return;
    late->run.timed_out = true;
    late->child.SignalGroup(SIGKILL);
  });
  auto fed = Feed(std::move(running->child.input()), options.input);
  auto output = Collect(std::move(running->child.output()), running->run.output, options.max_bytes, *running);
  auto error = Collect(std::move(running->child.error()), running->run.error, options.max_bytes, *running);
  auto ended = KeepStatus(*running);
  co_await (std::move(fed) && std::move(output) && std::move(error) && std::move(ended));
  co_return std::move(running->run);
}

CapturedRun RunAndCaptureBlocking(const ChildOptions& program, const CaptureOptions& options) {
  CapturedRun run;
  RunToCompletion([&]() -> Task<void> { run = co_await RunAndCapture(program, options); });
  return run;
}

Task<void> LogLines(fs::Fd pipe, std::string context, LevelOfLine level_of_line) {
  stream_descriptor stream(co_await asio::this_coro::executor, pipe.Release());
  std::array<char, 4096> buffer;
  std::string line;
  boost::system::error_code code;
  while (!code) {
    const std::size_t got =
        co_await stream.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, code));
    for (const char c : std::string_view(buffer.data(), got)) {
      if (c != '\n' && line.size() < kMaxLineBytes) {
        line += c;
        continue;
      }
      if (!line.empty()) log::Write(level_of_line(line), context, line);
      line.clear();
      if (c != '\n') line += c;
    }
  }
  if (!line.empty()) log::Write(level_of_line(line), context, line);
}

}  // namespace immich::process
