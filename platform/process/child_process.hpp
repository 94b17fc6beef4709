#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/fs/fd.hpp"

namespace immich::process {

/// How a child ended.
struct ExitStatus {
  /// Exit code; -1 when a signal ended it.
  int code = -1;
  /// The signal that ended it, or 0.
  int signal = 0;

  bool ok() const { return code == 0; }
  /// `exit code 1`, `signal 9 (Killed)`.
  std::string ToString() const;
};

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};
/// Looks the account up by its name; nullopt when there is none.
std::optional<Account> FindAccount(const std::string& name);

/// One of a child's standard streams.
struct Stream {
  enum class Kind { kInherit, kNull, kPipe, kFd };
  Kind kind = Kind::kInherit;
  /// For kFd; stays the caller's.
  int fd = -1;
};

struct ChildOptions {
  /// Path, or a name looked up in PATH.
  std::string program;
  /// Without the program's own name.
  std::vector<std::string> arguments = {};
  /// Added to (or replacing parts of) this process's environment; an empty value removes the variable.
  std::vector<std::pair<std::string, std::string>> environment = {};
  /// Empty: as this process.
  std::string working_directory = {};
  Stream input = {Stream::Kind::kNull};
  Stream output = {};
  Stream error = {};
  /// Further descriptors: {number here, number in the child}. Everything else is closed.
  std::vector<std::pair<int, int>> descriptors = {};
  /// The kernel sends it when the thread that started the child ends: start children from a thread that lives as long
  /// as the process (the event loop's). 0 for none: the child outlives us.
  int death_signal = SIGKILL;
  /// Limits such as {RLIMIT_AS, bytes}: soft and hard.
  std::vector<std::pair<int, rlim_t>> limits = {};
  /// Only root can; supplementary groups are dropped.
  std::optional<Account> run_as = std::nullopt;
  /// Added to the child's nice value.
  int nice = 0;
};

/// A running child in a process group of its own. Destroying it kills the whole group and waits for the child.
class ChildProcess {
 public:
  /// Starts the program; returns when it runs. Throws InternalError naming the program and the reason.
  static ChildProcess Start(const ChildOptions& options);

  ChildProcess() = default;
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();

  bool started() const { return state_ != nullptr; }
  pid_t pid() const;
  /// Our ends of streams that are pipes; the caller takes them out (and closes the input for the child to see its end).
  fs::Fd& input();
  fs::Fd& output();
  fs::Fd& error();

  /// Waits for the end. Several coroutines may wait.
  Task<ExitStatus> Wait();
  /// nullopt while it runs.
  std::optional<ExitStatus> Poll();
  /// Blocking; for code without an event loop. nullopt when it still runs after `timeout`.
  std::optional<ExitStatus> WaitBlocking(std::chrono::milliseconds timeout);
  /// Sends `signal` to the child alone; nothing happens when it has ended.
  void Signal(int signal);
  /// Sends `signal` to the child and everything it started in its group.
  void SignalGroup(int signal);
  /// Sends `signal`, and SIGKILL to the group when it still runs after `grace`.
  Task<ExitStatus> Stop(int signal, std::chrono::milliseconds grace);
  /// Leaves the child to itself: it is neither killed nor waited for any more.
  void Detach();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich::process
