#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "api/config_admin_types.hpp"
#include "platform/async/task.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/job_sink.hpp"

namespace immich::pg {
class Pool;
}

namespace immich {

class SystemConfig;

/// Jobs whose time lies in (after, until] (facts: jobs, Nightly): clean-up at nightlyTasks.startTime, scans of
/// libraries, backups and integrity checks by their cron expressions. Each comes once, however long the span is.
std::vector<JobSink::Request> JobsDue(const api::AdminConfigDto& config, TimePoint after, TimePoint until);

/// The clock of the installation: queues jobs at their times. Of all processes only the one that holds advisory lock
/// 600 does; another takes over when that one ends. Changes of the configuration count at once.
class Nightly {
 public:
  /// True for jobs that a slice has a handler for; others are left out.
  using HasHandler = std::function<bool(std::string_view name)>;
  /// What else the keeper does with every tick; failures are logged and change nothing.
  using Chore = std::function<Task<void>(TimePoint now)>;

  Nightly(boost::asio::any_io_executor executor, pg::Pool& db, const SystemConfig& config, JobSink& jobs,
          HasHandler has_handler, Chore chore = {});
  ~Nightly();
  Nightly(const Nightly&) = delete;
  Nightly& operator=(const Nightly&) = delete;

  /// Begins to look at the clock; everything handed in must outlive Stop() and the tick that is under way.
  void Start();
  void Stop();
  /// Queues what came due since the last tick; the first one that gets the lock only notes the time. Start calls it.
  Task<void> Tick(TimePoint now);
  /// This process holds the lock.
  bool is_keeper() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich
