#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/queue/queue_worker.hpp"

namespace immich::queue {

/// The connections and heartbeat of the workers of a process.
struct QueueRuntime::Impl : std::enable_shared_from_this<Impl> {
  Impl(boost::asio::any_io_executor executor, const redis::Options& redis);

  void Add(const std::shared_ptr<QueueWorker::Impl>& worker);
  void Remove(const QueueWorker::Impl* worker);
  void Close();

  void WakeAll();
  /// The interval between heartbeats: a third of the shortest lease.
  std::chrono::milliseconds Interval() const;
  static Task<void> BeatUntilClosed(std::shared_ptr<Impl> self);
  Task<void> Beat();

  boost::asio::any_io_executor executor;
  redis::Client client;
  redis::Subscriber subscriber;
  /// Name of this process in the consumer groups.
  std::string consumer;
  std::map<std::string, std::shared_ptr<QueueWorker::Impl>, std::less<>> workers;
  boost::asio::steady_timer beat_timer;
  bool beating = false;
  bool closed = false;
  /// After an outage of Redis the other workers get the time to renew their leases before any is taken to be dead.
  bool was_unreachable = false;
  std::chrono::steady_clock::time_point reachable_since;
};

/// One queue's worker. Jobs are taken, and outcomes stored, by one exchange with Redis at a time.
struct QueueWorker::Impl : std::enable_shared_from_this<Impl> {
  /// A job being run, and where it lies in Redis.
  struct Running {
    Job job;
    std::string key, entry;
    std::chrono::steady_clock::time_point start;
    boost::asio::cancellation_signal cancel;
    bool given_back = false;
  };
  enum class Outcome { kDone = 0, kFailed = 1, kGiveBack = 2 };
  struct Ended {
    std::shared_ptr<Running> running;
    Outcome outcome;
    JobStatus status;
    std::string reason;
    std::chrono::microseconds duration;
  };

  Impl(std::shared_ptr<QueueRuntime::Impl> runtime, WorkerOptions options, Handler handler, Observer observer);

  /// There may be something to take.
  void Wake();
  void Kick();
  static Task<void> Exchange(std::shared_ptr<Impl> self);
  /// One round trip; false when Redis could not be reached.
  Task<bool> ExchangeOnce();
  std::size_t Room() const;
  std::vector<std::string> ExchangeArguments(std::size_t room, const std::vector<Ended>& ended) const;
  void Observe(const Ended& end) const;
  void TakeReply(const redis::Reply& reply, std::size_t room);
  std::size_t StartAll(const redis::Reply& entries, const std::string& key);
  void StartJob(const redis::Reply& entry, const std::string& key);
  static Task<JobStatus> RunHandler(std::shared_ptr<Impl> self, std::shared_ptr<Running> running);
  void Finish(const std::shared_ptr<Running>& running, const std::exception_ptr& error, JobStatus status);
  void WakeIn(std::chrono::milliseconds delay);
  void GiveBackRunning();
  bool IsIdle() const { return jobs.empty() && ended.empty() && !exchanging; }
  void NoteIdle();
  Task<void> WaitUntilIdle(std::chrono::milliseconds timeout);
  redis::ScriptCall SweepCall(const std::string& consumer, bool reclaim) const;
  void Close();

  std::shared_ptr<QueueRuntime::Impl> runtime;
  WorkerOptions options;
  Handler handler;
  Observer observer;
  /// In the order of QueueKeys.
  std::vector<std::string> keys;

  std::map<std::string, std::shared_ptr<Running>> jobs;
  std::vector<Ended> ended;
  bool owns_runtime = false;
  /// Takes jobs.
  bool accepting = false;
  bool closed = false;
  bool exchanging = false;
  bool wanted = false;
  bool failing = false;
  boost::asio::steady_timer delay_timer, retry_timer, idle_timer;
};

}  // namespace immich::queue
