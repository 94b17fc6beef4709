#include "platform/process/child_process.hpp"

#include <poll.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "platform/error/error.hpp"
#include "platform/process/child_launch.hpp"

namespace immich::process {
namespace asio = boost::asio;

struct ChildProcess::State {
  pid_t pid = -1;
  fs::Fd pidfd;
  fs::Fd input, output, error;
  std::optional<ExitStatus> status;
  bool detached = false;

  ~State() {
    if (detached || status) return;
    kill(-pid, SIGKILL);
    siginfo_t info{};
    // By number: waitid on a pidfd does not block once an event loop has made it non-blocking.
    while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
    }
  }

  std::optional<ExitStatus> Poll() {
    if (status) return status;
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
      return std::nullopt;
    }
    // What it left behind goes with it, while the group's number is still ours.
    if (!detached) kill(-pid, SIGKILL);
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED);
    status = info.si_code == CLD_EXITED ? ExitStatus{info.si_status, 0} : ExitStatus{-1, info.si_status};
    return status;
  }
};

std::string ExitStatus::ToString() const {
  if (signal == 0) return "exit code " + std::to_string(code);
  const char* name = sigdescr_np(signal);
  return "signal " + std::to_string(signal) + " (" + (name != nullptr ? name : "unknown") + ")";
}

std::optional<Account> FindAccount(const std::string& name) {
  passwd entry;
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwnam_r(name.c_str(), &entry, buffer, sizeof buffer, &found) != 0 || found == nullptr) return std::nullopt;
  return Account{entry.pw_uid, entry.pw_gid, name};
}

ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;
ChildProcess::~ChildProcess() = default;

ChildProcess ChildProcess::Start(const ChildOptions& options) {
  detail::Launched launched = detail::Launch(options);
  ChildProcess child;
  child.state_ = std::make_shared<State>();
  State& state = *child.state_;
  state.pid = launched.pid;
  state.pidfd = std::move(launched.pidfd);
  state.input = std::move(launched.input);
  state.output = std::move(launched.output);
  state.error = std::move(launched.error);
  return child;
}

pid_t ChildProcess::pid() const {
  return state_->pid;
}
fs::Fd& ChildProcess::input() {
  return state_->input;
}
fs::Fd& ChildProcess::output() {
  return state_->output;
}
fs::Fd& ChildProcess::error() {
  return state_->error;
}

std::optional<ExitStatus> ChildProcess::Poll() {
  return state_->Poll();
}

Task<ExitStatus> ChildProcess::Wait() {
  const std::shared_ptr<State> state = state_;
  asio::posix::stream_descriptor ended(co_await asio::this_coro::executor, fs::Duplicate(state->pidfd.get()).Release());
  for (;;) {
    if (const auto status = state->Poll()) co_return *status;
    co_await ended.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  }
}

std::optional<ExitStatus> ChildProcess::WaitBlocking(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    if (const auto status = state_->Poll()) return status;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd ended{state_->pidfd.get(), POLLIN, 0};
    poll(&ended, 1, static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000)));
  }
}

void ChildProcess::Signal(int signal) {
  if (!state_->status) syscall(SYS_pidfd_send_signal, state_->pidfd.get(), signal, nullptr, 0);
}

void ChildProcess::SignalGroup(int signal) {
  // Until it is waited for the child keeps its process id, so the group's number cannot be someone else's.
  if (!state_->status) kill(-state_->pid, signal);
}

Task<ExitStatus> ChildProcess::Stop(int signal, std::chrono::milliseconds grace) {
  const std::shared_ptr<State> state = state_;
  Signal(signal);
  // The timer's handler outlives neither the timer nor, through `state`, the child.
  asio::steady_timer timer(co_await asio::this_coro::executor, grace);
  timer.async_wait([state](const boost::system::error_code& code) {
    if (!code && !state->status) kill(-state->pid, SIGKILL);
  });
  co_return co_await Wait();
}

void ChildProcess::Detach() {
  state_->detached = true;
}

}  // namespace immich::process
