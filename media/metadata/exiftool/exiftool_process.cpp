#include "media/metadata/exiftool/exiftool_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace immich::media {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kReady = "{ready}\n";
constexpr size_t kMaxOutputBytes = 64 * 1024 * 1024;

/// Waits until `fd` is ready for `events` or the deadline has passed; false for the latter.
bool WaitFor(int fd, short events, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{.fd = fd, .events = events, .revents = 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// Runs in the child between fork and exec; only async-signal-safe calls. Writes errno to `report` and ends when the
/// program cannot be started.
[[noreturn]] void BecomeExifTool(pid_t parent, int child_input, int child_output, int report, char* const* arguments) {
  // In this mode exiftool waits for more even after the end of its input, so it would outlive a parent that is killed.
  const bool is_bound = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
  const int no_errors = open("/dev/null", O_WRONLY | O_CLOEXEC);
  sigset_t none;
  sigemptyset(&none);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (is_bound && dup2(child_input, STDIN_FILENO) >= 0 && dup2(child_output, STDOUT_FILENO) >= 0 &&
      dup2(no_errors, STDERR_FILENO) >= 0) {
    execvp(arguments[0], arguments);
  }
  const int error = errno;
  (void)!write(report, &error, sizeof error);
  _exit(127);
}

/// Starts exiftool with these ends of pipes; 0 or an error number.
int Spawn(int child_input, int child_output, pid_t& pid) {
  std::array<std::string, 5> texts = {"exiftool", "-stay_open", "True", "-@", "-"};
  std::array<char*, 6> arguments{};
  for (size_t i = 0; i < texts.size(); ++i) arguments[i] = texts[i].data();
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return errno;
  const pid_t parent = getpid();
  pid = fork();
  if (pid == 0) BecomeExifTool(parent, child_input, child_output, report[1], arguments.data());
  int error = pid < 0 ? errno : 0;
  close(report[1]);
  if (pid > 0) {
    // Empty when the exec closed it.
    while (read(report[0], &error, sizeof error) < 0 && errno == EINTR) {
    }
    if (error != 0) waitpid(pid, nullptr, 0);
  }
  close(report[0]);
  return error;
}

}  // namespace

std::expected<std::unique_ptr<ExifToolProcess>, Failure> ExifToolProcess::Start() {
  int input[2];
  int output[2];
  if (pipe2(input, O_CLOEXEC) != 0) return Fail(FailureKind::kInternal, std::strerror(errno));
  if (pipe2(output, O_CLOEXEC) != 0) {
    const int error = errno;
    close(input[0]);
    close(input[1]);
    return Fail(FailureKind::kInternal, std::strerror(error));
  }
  pid_t pid = -1;
  const int error = Spawn(input[0], output[1], pid);
  close(input[0]);
  close(output[1]);
  if (error != 0) {
    close(input[1]);
    close(output[0]);
    return Fail(FailureKind::kInternal, std::string("exiftool cannot be started: ") + std::strerror(error));
  }
  fcntl(input[1], F_SETFL, fcntl(input[1], F_GETFL) | O_NONBLOCK);
  return std::unique_ptr<ExifToolProcess>(new ExifToolProcess(pid, input[1], output[0]));
}

ExifToolProcess::~ExifToolProcess() {
  close(input_);
  close(output_);
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool ExifToolProcess::Send(const std::string& text, Clock::time_point deadline) {
  // A child that died must not take this process with it: SIGPIPE is blocked for the write and taken off again.
  sigset_t pipe_signal;
  sigset_t before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  size_t sent = 0;
  bool failed = false;
  while (sent < text.size() && !failed) {
    const ssize_t wrote = write(input_, text.data() + sent, text.size() - sent);
    if (wrote > 0) {
      sent += static_cast<size_t>(wrote);
    } else if (errno == EAGAIN) {
      failed = !WaitFor(input_, POLLOUT, deadline);
    } else if (errno != EINTR) {
      if (errno == EPIPE) {
        const timespec none = {};
        sigtimedwait(&pipe_signal, nullptr, &none);
      }
      failed = true;
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return !failed;
}

std::expected<std::string, Failure> ExifToolProcess::Run(const std::vector<std::string>& arguments,
                                                         std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  std::string command;
  for (const std::string& argument : arguments) command += argument + '\n';
  command += "-execute\n";
  if (!Send(command, deadline)) return Fail(FailureKind::kInternal, "exiftool does not take commands");

  std::string answer;
  std::array<char, 16384> buffer;
  while (!answer.ends_with(kReady)) {
    if (!WaitFor(output_, POLLIN, deadline)) return Fail(FailureKind::kTimeout, "exiftool took too long");
    const ssize_t got = read(output_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Fail(FailureKind::kInternal, "exiftool ended");
    answer.append(buffer.data(), static_cast<size_t>(got));
    if (answer.size() > kMaxOutputBytes) return Fail(FailureKind::kTooLarge, "exiftool printed too much");
  }
  answer.resize(answer.size() - kReady.size());
  return answer;
}

}  // namespace immich::media
