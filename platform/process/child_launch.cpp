#include "platform/process/child_launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "platform/error/error.hpp"

extern char** environ;

namespace immich::process::detail {
namespace {

/// Descriptors are first moved above every number a child may ask for, then put in place.
constexpr int kParkingFd = 200;

struct Pipe {
  fs::Fd read, write;
};

Pipe MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw InternalError("pipe: " + std::generic_category().message(errno));
  return {fs::Fd(ends[0]), fs::Fd(ends[1])};
}

/// Everything the child needs between fork and exec, prepared before: there it may not allocate.
struct Plan {
  std::string program;
  std::vector<std::string> texts;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  /// {number here, number in the child}
  std::vector<std::pair<int, int>> descriptors;
  const ChildOptions* options = nullptr;
  pid_t parent = 0;
  int report_fd = -1;
};

/// What the child writes when it cannot start the program.
struct Failure {
  int error_number;
  char step[32];
};

[[noreturn]] void Fail(int report_fd, std::string_view step) {
  Failure failure{errno, {}};
  std::copy_n(step.begin(), std::min(step.size(), sizeof failure.step - 1), failure.step);
  (void)!write(report_fd, &failure, sizeof failure);
  _exit(127);
}

void ResetSignals() {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void PlaceDescriptors(const Plan& plan, int report_fd) {
  // At most a handful; no allocation is allowed here.
  std::array<int, 32> parked;
  for (std::size_t i = 0; i < plan.descriptors.size(); ++i) {
    parked[i] = fcntl(plan.descriptors[i].first, F_DUPFD, kParkingFd);
    if (parked[i] < 0) Fail(report_fd, "dup");
  }
  // The kernel closes the rest at exec, also what a library opened without O_CLOEXEC.
  syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
  for (std::size_t i = 0; i < plan.descriptors.size(); ++i) {
    if (dup2(parked[i], plan.descriptors[i].second) < 0) Fail(report_fd, "dup2");
  }
}

void ChangeAccount(const Account& account, int report_fd) {
  // The raw calls: glibc's would signal the other threads, which do not exist after fork.
  if (syscall(SYS_setgroups, 0, nullptr) != 0) Fail(report_fd, "setgroups");
  if (syscall(SYS_setresgid, account.gid, account.gid, account.gid) != 0) Fail(report_fd, "setgid");
  if (syscall(SYS_setresuid, account.uid, account.uid, account.uid) != 0) Fail(report_fd, "setuid");
}

/// Runs in the child; only async-signal-safe calls.
[[noreturn]] void RunChild(const Plan& plan) {
  const ChildOptions& options = *plan.options;
  const int report_fd = fcntl(plan.report_fd, F_DUPFD_CLOEXEC, kParkingFd);
  setpgid(0, 0);
  ResetSignals();
  if (options.nice != 0 && setpriority(PRIO_PROCESS, 0, options.nice) != 0) Fail(report_fd, "setpriority");
  PlaceDescriptors(plan, report_fd);
  for (const auto& [resource, value] : options.limits) {
    const rlimit limit{value, value};
    if (setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) Fail(report_fd, "setrlimit");
  }
  if (options.run_as) ChangeAccount(*options.run_as, report_fd);
  // After the change of account, which clears it.
  if (options.death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, options.death_signal) != 0) Fail(report_fd, "prctl");
    if (getppid() != plan.parent) _exit(127);
  }
  if (!options.working_directory.empty() && chdir(options.working_directory.c_str()) != 0) Fail(report_fd, "chdir");
  execve(plan.program.c_str(), plan.arguments.data(), plan.environment.data());
  Fail(report_fd, "exec");
}

std::string FindProgram(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* variable = std::getenv("PATH");
  std::string_view path = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
    const std::string candidate = std::string(folder) + "/" + program;
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  throw InternalError("cannot start " + program + ": not found in PATH");
}

std::vector<std::string> MakeEnvironment(const ChildOptions& options) {
  std::vector<std::string> variables;
  const auto changed = [&](std::string_view variable) {
    const std::string_view name = variable.substr(0, variable.find('='));
    return std::any_of(options.environment.begin(), options.environment.end(),
                       [&](const auto& change) { return change.first == name; });
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!changed(*variable)) variables.emplace_back(*variable);
  }
  for (const auto& [name, value] : options.environment) {
    if (!value.empty()) variables.emplace_back(name).append("=").append(value);
  }
  return variables;
}

void FillTexts(Plan& plan, const ChildOptions& options) {
  plan.texts.push_back(options.program);
  plan.texts.insert(plan.texts.end(), options.arguments.begin(), options.arguments.end());
  const std::size_t argument_count = plan.texts.size();
  for (std::string& variable : MakeEnvironment(options)) plan.texts.push_back(std::move(variable));
  for (std::size_t i = 0; i < plan.texts.size(); ++i) {
    (i < argument_count ? plan.arguments : plan.environment).push_back(plan.texts[i].data());
  }
  plan.arguments.push_back(nullptr);
  plan.environment.push_back(nullptr);
}

/// Prepares one standard stream: the child's end goes into `plan` (and stays open in `keep`), ours is returned.
fs::Fd PrepareStream(const Stream& stream, int number, Plan& plan, std::vector<fs::Fd>& keep) {
  switch (stream.kind) {
    case Stream::Kind::kInherit:
      plan.descriptors.emplace_back(number, number);
      return {};
    case Stream::Kind::kNull:
      keep.push_back(fs::Open("/dev/null", O_RDWR));
      break;
    case Stream::Kind::kFd:
      plan.descriptors.emplace_back(stream.fd, number);
      return {};
    case Stream::Kind::kPipe: {
      Pipe pipe = MakePipe();
      const bool input = number == STDIN_FILENO;
      keep.push_back(std::move(input ? pipe.read : pipe.write));
      plan.descriptors.emplace_back(keep.back().get(), number);
      return std::move(input ? pipe.write : pipe.read);
    }
  }
  plan.descriptors.emplace_back(keep.back().get(), number);
  return {};
}

/// Reads the child's report: nothing when exec closed the pipe.
void ThrowIfFailed(const fs::Fd& report, pid_t pid, const std::string& program) {
  Failure failure{};
  ssize_t got;
  do {
    got = read(report.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof failure) return;
  waitpid(pid, nullptr, 0);
  throw InternalError("cannot start " + program + ": " + failure.step + ": " +
                      std::generic_category().message(failure.error_number));
}

}  // namespace

Launched Launch(const ChildOptions& options) {
  constexpr std::size_t kMaxDescriptors = 32;
  if (options.descriptors.size() + 3 > kMaxDescriptors) throw InternalError("too many descriptors for a child");
  Plan plan;
  Launched launched;
  std::vector<fs::Fd> keep;
  plan.options = &options;
  plan.program = FindProgram(options.program);
  plan.parent = getpid();
  FillTexts(plan, options);
  launched.input = PrepareStream(options.input, STDIN_FILENO, plan, keep);
  launched.output = PrepareStream(options.output, STDOUT_FILENO, plan, keep);
  launched.error = PrepareStream(options.error, STDERR_FILENO, plan, keep);
  plan.descriptors.insert(plan.descriptors.end(), options.descriptors.begin(), options.descriptors.end());
  Pipe report = MakePipe();
  plan.report_fd = report.write.get();
  const pid_t pid = fork();
  if (pid < 0)
    throw InternalError("cannot start " + options.program + ": fork: " + std::generic_category().message(errno));
  if (pid == 0) RunChild(plan);
  setpgid(pid, pid);  // here too: whoever comes first, the group exists when we go on
  report.write.Reset();
  ThrowIfFailed(report.read, pid, options.program);
  launched.pid = pid;
  launched.pidfd = fs::Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!launched.pidfd) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    throw InternalError("pidfd_open: " + std::generic_category().message(errno));
  }
  return launched;
}

}  // namespace immich::process::detail
