#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/log/log.hpp"
#include "platform/process/child_process.hpp"

namespace immich::process {

struct CaptureOptions {
  /// Written to the program's standard input.
  std::string input = {};
  /// The program's group is killed after it.
  std::chrono::milliseconds timeout{60'000};
  /// Of output and of error; more kills the program.
  std::size_t max_bytes = 16 * 1024 * 1024;
};

struct CapturedRun {
  ExitStatus status;
  std::string output;
  std::string error;
  bool timed_out = false;
  bool too_much_output = false;

  bool ok() const { return status.ok() && !timed_out && !too_much_output; }
};

/// Runs a program to its end and keeps what it prints (streams of `program` that are not set to something else). Throws
/// InternalError when it cannot be started; how it ended is the caller's to judge. Cancelling kills the program.
Task<CapturedRun> RunAndCapture(ChildOptions program, CaptureOptions options = {});
/// The same for code without an event loop.
CapturedRun RunAndCaptureBlocking(const ChildOptions& program, const CaptureOptions& options = {});

using LevelOfLine = std::function<log::Level(std::string_view line)>;

/// Logs each line that arrives on `pipe` under `context` until its writers are gone.
Task<void> LogLines(fs::Fd pipe, std::string context, LevelOfLine level_of_line);

}  // namespace immich::process
