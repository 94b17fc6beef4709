#include "platform/process/supervisor.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/process/captured_run.hpp"

namespace immich::process {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
constexpr std::string_view kContext = "Supervisor";

std::string Describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const InternalError& error) {
    return error.detail();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

struct Supervisor::Entry {
  Entry(SupervisedChild child, const asio::any_io_executor& executor)
      : spec(std::move(child)), wake(executor), ended(executor, asio::steady_timer::time_point::max()) {}

  SupervisedChild spec;
  ChildProcess process;
  bool running = false;
  bool stopping = false;
  int restarts = 0;
  std::chrono::milliseconds delay = kFirstDelay;
  /// Cut short to stop waiting for a restart.
  asio::steady_timer wake;
  /// Cancelled when the keeping task is done.
  asio::steady_timer ended;
  bool done = true;
};

struct Supervisor::State {
  using EntryPtr = std::shared_ptr<Entry>;

  explicit State(asio::any_io_executor loop) : executor(std::move(loop)) {}

  Entry* Find(std::string_view name) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e->spec.name == name; });
    return found == entries.end() ? nullptr : found->get();
  }

  static Task<void> StartOnce(asio::any_io_executor executor, EntryPtr entry);
  static Task<void> Restart(asio::any_io_executor executor, EntryPtr entry, bool now);
  static Task<void> KeepRunning(asio::any_io_executor executor, EntryPtr entry);
  static Task<void> StopEntry(EntryPtr entry);

  asio::any_io_executor executor;
  std::vector<EntryPtr> entries;
};

/// Starts the program and waits until it is ready; on failure nothing is left running.
Task<void> Supervisor::State::StartOnce(asio::any_io_executor executor, EntryPtr entry) {
  if (entry->spec.before_start) co_await entry->spec.before_start();
  ChildOptions options = entry->spec.program();
  if (entry->spec.level_of_line) options.output = options.error = {Stream::Kind::kPipe};
  entry->process = ChildProcess::Start(options);
  if (entry->spec.level_of_line) {
    Spawn(executor, kContext,
          LogLines(std::move(entry->process.output()), entry->spec.name, entry->spec.level_of_line));
    Spawn(executor, kContext, LogLines(std::move(entry->process.error()), entry->spec.name, entry->spec.level_of_line));
  }
  std::exception_ptr failure;
  try {
    if (entry->spec.until_ready) co_await entry->spec.until_ready(entry->process);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    co_await entry->process.Stop(entry->spec.stop_signal, entry->spec.stop_grace);
    std::rethrow_exception(failure);
  }
  entry->running = true;
}

/// Starts the child again, as often as it takes; returns early when it is being stopped.
Task<void> Supervisor::State::Restart(asio::any_io_executor executor, EntryPtr entry, bool now) {
  while (!entry->stopping) {
    if (!now) {
      entry->wake.expires_after(entry->delay);
      entry->delay = std::min(entry->delay * 2, Supervisor::kMaxDelay);
      boost::system::error_code cut_short;
      co_await entry->wake.async_wait(asio::redirect_error(asio::use_awaitable, cut_short));
      if (entry->stopping) co_return;
    }
    now = false;
    ++entry->restarts;
    try {
      co_await StartOnce(executor, entry);
      if (entry->stopping) {
        co_await entry->process.Stop(entry->spec.stop_signal, entry->spec.stop_grace);
        co_return;
      }
      log::Info(kContext, "{} runs again (process {})", entry->spec.name, entry->process.pid());
      co_return;
    } catch (...) {
      log::Error(kContext, "{} does not start: {}", entry->spec.name, Describe(std::current_exception()));
    }
  }
}

/// Waits for the child's end and acts on it until it is stopped or stays ended.
Task<void> Supervisor::State::KeepRunning(asio::any_io_executor executor, EntryPtr entry) {
  while (!entry->stopping) {
    const auto started = Clock::now();
    const ExitStatus status = co_await entry->process.Wait();
    entry->running = false;
    if (entry->stopping) break;
    const AfterExit next = entry->spec.after_exit ? entry->spec.after_exit(status) : AfterExit::kRestart;
    log::Warn(kContext, "{} ended unexpectedly: {}", entry->spec.name, status.ToString());
    if (next == AfterExit::kLeave) break;
    if (Clock::now() - started >= Supervisor::kHealthyAfter) entry->delay = Supervisor::kFirstDelay;
    co_await Restart(executor, entry, next == AfterExit::kRestartNow);
    if (!entry->running) break;
  }
  entry->running = false;
  entry->done = true;
  entry->ended.cancel();
}

Task<void> Supervisor::State::StopEntry(EntryPtr entry) {
  entry->stopping = true;
  entry->wake.cancel();
  if (entry->process.started()) co_await entry->process.Stop(entry->spec.stop_signal, entry->spec.stop_grace);
  boost::system::error_code cancelled;
  while (!entry->done) co_await entry->ended.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

Supervisor::Supervisor(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Supervisor::~Supervisor() {
  for (const auto& entry : state_->entries) {
    entry->stopping = true;
    entry->wake.cancel();
    if (entry->running) entry->process.SignalGroup(SIGKILL);
  }
}

Task<void> Supervisor::Add(SupervisedChild child) {
  const std::shared_ptr<State> state = state_;
  if (state->Find(child.name) != nullptr) throw InternalError("the supervisor has a child " + child.name + " already");
  auto entry = std::make_shared<Entry>(std::move(child), state->executor);
  state->entries.push_back(entry);
  std::exception_ptr failure;
  try {
    co_await State::StartOnce(state->executor, entry);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    std::erase(state->entries, entry);
    std::rethrow_exception(failure);
  }
  entry->done = false;
  Spawn(state->executor, kContext, State::KeepRunning(state->executor, entry));
}

Task<void> Supervisor::Remove(std::string name) {
  const std::shared_ptr<State> state = state_;
  const auto found = std::find_if(state->entries.begin(), state->entries.end(),
                                  [&](const auto& entry) { return entry->spec.name == name; });
  if (found == state->entries.end()) co_return;
  const std::shared_ptr<Entry> entry = *found;
  co_await State::StopEntry(entry);
  std::erase(state->entries, entry);
}

Task<void> Supervisor::StopAll() {
  const std::shared_ptr<State> state = state_;
  while (!state->entries.empty()) {
    const std::shared_ptr<Entry> entry = state->entries.back();
    co_await State::StopEntry(entry);
    std::erase(state->entries, entry);
  }
}

bool Supervisor::IsRunning(std::string_view name) const {
  const Entry* entry = state_->Find(name);
  return entry != nullptr && entry->running;
}

pid_t Supervisor::PidOf(std::string_view name) const {
  const Entry* entry = state_->Find(name);
  return entry != nullptr && entry->running ? entry->process.pid() : 0;
}

int Supervisor::RestartsOf(std::string_view name) const {
  const Entry* entry = state_->Find(name);
  return entry != nullptr ? entry->restarts : 0;
}

void Supervisor::Signal(std::string_view name, int signal) {
  Entry* entry = state_->Find(name);
  if (entry != nullptr && entry->running) entry->process.Signal(signal);
}

}  // namespace immich::process
