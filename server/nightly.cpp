#include "server/nightly.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <string>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/cron_schedule.hpp"
#include "server/core/system_config.hpp"

namespace immich {

namespace {

// The lock of the original for the same purpose.
constexpr std::int64_t kNightlyLock = 600;
// A job starts at most this late; also how long nobody keeps the clock after its keeper ended.
constexpr std::chrono::seconds kTickInterval{20};

using Requests = std::vector<JobSink::Request>;

void Add(Requests& jobs, std::string_view name, std::string_view data = "{}") {
  jobs.push_back({.name = name, .data = std::string(data), .options = {}});
}

/// For jobs of which a second one waiting would do the same work again.
void AddSingle(Requests& jobs, std::string_view name, std::string_view data = "{}") {
  Add(jobs, name, data);
  jobs.back().options.job_id = std::string(name);
}

bool IsDue(const std::optional<CronSchedule>& schedule, TimePoint after, TimePoint until) {
  if (!schedule) return false;
  const auto next = schedule->NextAfter(after);
  return next && *next <= until;
}

void AddNightly(const api::AdminConfigNightlyTasksDto& tasks, Requests& jobs) {
  if (tasks.database_cleanup) {
    for (const std::string_view name : {"AssetDeleteCheck", "UserDeleteCheck", "PersonCleanup", "MemoryCleanup",
                                        "SessionCleanup", "HlsSessionCleanup", "AuditTableCleanup"}) {
      Add(jobs, name);
    }
  }
  if (tasks.generate_memories) Add(jobs, "MemoryGenerate");
  if (tasks.sync_quota_usage) Add(jobs, "UserSyncUsage");
  // Ours: finds uploads whose jobs were lost before they were looked at; there is no other way back to them.
  AddSingle(jobs, "AssetExtractMetadataQueueAll", R"({"force":false})");
  if (tasks.missing_thumbnails) Add(jobs, "AssetGenerateThumbnailsQueueAll", R"({"force":false})");
  if (tasks.cluster_new_faces) AddSingle(jobs, "FacialRecognitionQueueAll", R"({"force":false,"nightly":true})");
}

}  // namespace

std::vector<JobSink::Request> JobsDue(const api::AdminConfigDto& config, TimePoint after, TimePoint until) {
  Requests jobs;
  const auto is_due = [&](bool enabled, std::string_view expression) {
    return enabled && IsDue(CronSchedule::Parse(expression), after, until);
  };
  if (IsDue(CronSchedule::DailyAt(config.nightly_tasks.start_time), after, until))
    AddNightly(config.nightly_tasks, jobs);
  const auto& scan = config.library.scan;
  if (is_due(scan.enabled, scan.cron_expression)) AddSingle(jobs, "LibraryScanQueueAll");
  const auto& backup = config.backup.database;
  if (is_due(backup.enabled, backup.cron_expression)) AddSingle(jobs, "DatabaseBackup");
  const auto& checks = config.integrity_checks;
  if (is_due(checks.missing_files.enabled, checks.missing_files.cron_expression)) {
    Add(jobs, "IntegrityMissingFilesQueueAll");
  }
  if (is_due(checks.untracked_files.enabled, checks.untracked_files.cron_expression)) {
    Add(jobs, "IntegrityUntrackedFilesQueueAll");
  }
  if (is_due(checks.checksum_files.enabled, checks.checksum_files.cron_expression)) Add(jobs, "IntegrityChecksumFiles");
  return jobs;
}

struct Nightly::State {
  State(boost::asio::any_io_executor on, pg::Pool& pool, const SystemConfig& system_config, JobSink& sink,
        HasHandler handlers, Chore each_tick)
      : executor(std::move(on)),
        db(pool),
        config(system_config),
        jobs(sink),
        has_handler(std::move(handlers)),
        chore(std::move(each_tick)),
        timer(executor) {}

  Task<void> Tick(TimePoint now);
  Task<void> Run(std::shared_ptr<State> self);

  boost::asio::any_io_executor executor;
  pg::Pool& db;
  const SystemConfig& config;
  JobSink& jobs;
  HasHandler has_handler;
  Chore chore;
  boost::asio::steady_timer timer;
  bool stopped = false;
  pg::Pool::AdvisoryLock lock;
  /// What came due before it has been queued.
  std::optional<TimePoint> done_until;
};

Task<void> Nightly::State::Tick(TimePoint now) {
  if (!lock || !lock.IsHeld()) {
    done_until.reset();
    lock = co_await db.TryAdvisoryLock(kNightlyLock);
    if (!lock) co_return;
  }
  if (!done_until || now < *done_until) done_until = now;
  Requests due = JobsDue(config.current(), *done_until, now);
  std::erase_if(due, [this](const JobSink::Request& request) { return !has_handler(request.name); });
  if (!due.empty()) {
    log::Info("Nightly", "{} scheduled job(s), the first is {}", due.size(), due.front().name);
    co_await jobs.Enqueue(std::move(due));
  }
  done_until = now;
  if (chore) co_await chore(now);
}

Task<void> Nightly::State::Run(std::shared_ptr<State> self) {
  while (!stopped) {
    try {
      co_await Tick(Now());
    } catch (const Error& error) {
      // When they could not be queued the time is not noted as done, so the next tick queues the same jobs.
      log::Warn("Nightly", "Scheduled jobs have to wait: {}", error.what());
    }
    if (stopped) break;
    timer.expires_after(kTickInterval);
    boost::system::error_code woken_early;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken_early));
  }
  lock = {};
}

Nightly::Nightly(boost::asio::any_io_executor executor, pg::Pool& db, const SystemConfig& config, JobSink& jobs,
                 HasHandler has_handler, Chore chore)
    : state_(std::make_shared<State>(std::move(executor), db, config, jobs, std::move(has_handler), std::move(chore))) {
}

Nightly::~Nightly() {
  Stop();
}

void Nightly::Start() {
  Spawn(state_->executor, "nightly", state_->Run(state_));
}

void Nightly::Stop() {
  state_->stopped = true;
  state_->timer.cancel();
}

bool Nightly::is_keeper() const {
  return state_->lock && state_->lock.IsHeld();
}

Task<void> Nightly::Tick(TimePoint now) {
  return state_->Tick(now);
}

}  // namespace immich
