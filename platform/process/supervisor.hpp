#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/process/captured_run.hpp"
#include "platform/process/child_process.hpp"

namespace immich::process {

/// What follows the unexpected end of a child.
enum class AfterExit {
  kRestart,     ///< after a delay that doubles from kFirstDelay to kMaxDelay while it keeps dying young
  kRestartNow,  ///< it asked for it
  kLeave,       ///< it stays ended
};

struct SupervisedChild {
  /// Names it in the log.
  std::string name;
  /// Made anew for every start.
  std::function<ChildOptions()> program;
  /// Runs before every start (removing stale files); an exception counts as a failed start.
  std::function<Task<void>()> before_start = {};
  /// Returns when the child is ready for use; an exception counts as a failed start.
  std::function<Task<void>(ChildProcess&)> until_ready = {};
  std::function<AfterExit(const ExitStatus&)> after_exit = {};
  int stop_signal = SIGTERM;
  /// SIGKILL follows after it.
  std::chrono::milliseconds stop_grace{10'000};
  /// When set, output and error go to our log line by line instead of straight to our own streams.
  LevelOfLine level_of_line = {};
};

/// Keeps a set of children running until it is stopped. One event loop only.
class Supervisor {
 public:
  static constexpr std::chrono::milliseconds kFirstDelay{250};
  static constexpr std::chrono::milliseconds kMaxDelay{5'000};
  /// A child that ran this long starts with the first delay again. Short, because everybody waits for it: a database
  /// that the kernel kills now and then for want of memory must not stay away longer each time.
  static constexpr std::chrono::milliseconds kHealthyAfter{10'000};

  explicit Supervisor(boost::asio::any_io_executor executor);
  ~Supervisor();

  /// Starts the child and waits until it is ready; throws when this first start fails. From then on it is kept running.
  Task<void> Add(SupervisedChild child);
  /// Stops and forgets one child; returns when it has ended.
  Task<void> Remove(std::string name);
  /// Stops all children, the last added first.
  Task<void> StopAll();

  bool IsRunning(std::string_view name) const;
  /// 0 when it does not run.
  pid_t PidOf(std::string_view name) const;
  /// Restarts after unexpected ends.
  int RestartsOf(std::string_view name) const;
  void Signal(std::string_view name, int signal);

 private:
  struct Entry;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich::process
