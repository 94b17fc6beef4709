#include "server/core/media_child.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"

namespace immich {

namespace {

namespace asio = boost::asio;

/// AddressSanitizer reserves terabytes of address space and keeps freed memory: limits are for real builds.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IMMICH_NO_MEMORY_LIMIT
#endif
#endif

process::ChildOptions ProgramOf(const MediaWorkerOptions& options, int socket) {
  process::ChildOptions child;
  child.program = options.program;
  child.descriptors = {{socket, media::kWorkerSocketFd}};
  child.nice = options.nice;
  child.environment = {{"IMMICH_MEDIA_WORKER_CPU_SECONDS", std::to_string(options.cpu_limit.count())}};
#ifndef IMMICH_NO_MEMORY_LIMIT
  child.limits = {{RLIMIT_DATA, options.memory_limit_bytes}};
#endif
  return child;
}

}  // namespace

struct MediaChild::Started {
  fs::Fd socket;
  process::ChildProcess process;
};

MediaChild::Started MediaChild::Start(const MediaWorkerOptions& options) {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw InternalError("socketpair: " + std::generic_category().message(errno));
  }
  Started started;
  started.socket = fs::Fd(ends[0]);
  const fs::Fd theirs(ends[1]);
  started.process = process::ChildProcess::Start(ProgramOf(options, theirs.get()));
  return started;
}

MediaChild::MediaChild(const asio::any_io_executor& executor, const MediaWorkerOptions& options)
    : MediaChild(executor, Start(options)) {}

MediaChild::MediaChild(const asio::any_io_executor& executor, Started started)
    : socket_(executor, started.socket.Release()), process_(std::move(started.process)) {}

Task<void> MediaChild::Write(const std::string& message) {
  const auto head = media::EncodeMessageHead(static_cast<std::uint32_t>(message.size()));
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(message)};
  co_await asio::async_write(socket_, buffers, asio::use_awaitable);
}

Task<std::string> MediaChild::Read() {
  std::array<char, media::kMessageHeadBytes> head;
  co_await asio::async_read(socket_, asio::buffer(head), asio::use_awaitable);
  const std::uint32_t size = media::DecodeMessageHead(head);
  if (size > media::kMaxMessageBytes) throw InternalError("a decoder sent a message of impossible length");
  std::string message(size, '\0');
  co_await asio::async_read(socket_, asio::buffer(message), asio::use_awaitable);
  co_return message;
}

Task<media::Failure> MediaChild::Diagnose() {
  using media::FailureKind;
  if (timed_out_) co_return media::Failure{FailureKind::kTimeout, "decoder exceeded its time limit"};
  // The socket is closed at its end, so it is about to end; if not, it is told to.
  constexpr std::chrono::milliseconds kGrace{1000};
  const process::ExitStatus status = co_await process_.Stop(SIGTERM, kGrace);
  if (status.signal == SIGXCPU) co_return media::Failure{FailureKind::kTimeout, "decoder exceeded its CPU time limit"};
  if (status.signal != 0) {
    co_return media::Failure{FailureKind::kInternal, fmt::format("decoder crashed (signal {})", status.signal)};
  }
  co_return media::Failure{FailureKind::kInternal, fmt::format("decoder ended early ({})", status.ToString())};
}

Task<std::expected<std::string, media::Failure>> MediaChild::Exchange(std::string message,
                                                                      std::chrono::milliseconds time_limit) {
  // Until the reply is complete the child is no good for another order: also when this coroutine is cancelled.
  broken_ = true;
  asio::steady_timer timer(socket_.get_executor(), time_limit);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    timed_out_ = true;
    process_.SignalGroup(SIGKILL);
  });
  std::optional<std::string> reply;
  boost::system::error_code error;
  try {
    co_await Write(message);
    reply = co_await Read();
  } catch (const boost::system::system_error& failure) {
    error = failure.code();
  }
  timer.cancel();
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  if (!reply) {
    media::Failure failure = co_await Diagnose();
    co_return std::unexpected(std::move(failure));
  }
  broken_ = false;
  co_return std::move(*reply);
}

}  // namespace immich
