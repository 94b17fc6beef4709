#include "media/metadata/exiftool/exiftool_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
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

struct SpawnActions {
  posix_spawn_file_actions_t actions{};
  SpawnActions() { posix_spawn_file_actions_init(&actions); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
};

struct SpawnAttributes {
  posix_spawnattr_t attributes{};
  SpawnAttributes() {
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
};

int Spawn(int child_input, int child_output, pid_t& pid) {
  SpawnActions files;
  posix_spawn_file_actions_adddup2(&files.actions, child_input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files.actions, child_output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const SpawnAttributes attributes;
  std::array<std::string, 5> arguments = {"exiftool", "-stay_open", "True", "-@", "-"};
  std::array<char*, 6> argv{};
  for (size_t i = 0; i < arguments.size(); ++i) argv[i] = arguments[i].data();
  return posix_spawnp(&pid, "exiftool", &files.actions, &attributes.attributes, argv.data(), environ);
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
