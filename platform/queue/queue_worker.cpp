#include "platform/queue/queue_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/queue/queue_scripts.hpp"
#include "platform/queue/queue_worker_impl.hpp"

namespace immich::queue {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// Pause after Redis could not be reached; its client waits as well.
constexpr std::chrono::milliseconds kRetryPause{250};
/// Time to hand jobs back after the grace of Stop.
constexpr std::chrono::milliseconds kGiveBackTime{2000};
/// Failure reasons are for people; a huge one would only fill Redis.
constexpr std::size_t kMaxReasonBytes = 4000;
/// Jobs taken by one exchange, however high the concurrency.
constexpr std::size_t kMaxTaken = 200;

std::string ReasonOf(const std::exception_ptr& error) {
  std::string reason;
  try {
    std::rethrow_exception(error);
  } catch (const InternalError& failure) {
    reason = failure.detail();
  } catch (const std::exception& failure) {
    reason = failure.what();
  } catch (...) {
    reason = "unknown exception";
  }
  if (reason.size() > kMaxReasonBytes) reason.resize(kMaxReasonBytes);
  return reason;
}

std::int64_t NumberOf(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

QueueWorker::QueueWorker(QueueRuntime& runtime, WorkerOptions options, Handler handler, Observer observer)
    : impl_(std::make_shared<Impl>(runtime.impl_, std::move(options), std::move(handler), std::move(observer))) {}

QueueWorker::QueueWorker(asio::any_io_executor executor, redis::Options redis, WorkerOptions options, Handler handler,
                         Observer observer)
    : impl_(std::make_shared<Impl>(std::make_shared<QueueRuntime::Impl>(std::move(executor), redis), std::move(options),
                                   std::move(handler), std::move(observer))) {
  impl_->owns_runtime = true;
}

QueueWorker::~QueueWorker() {
  impl_->Close();
  if (impl_->owns_runtime) impl_->runtime->Close();
}

void QueueWorker::Start() {
  if (impl_->accepting) return;
  impl_->runtime->Add(impl_);
  impl_->accepting = true;
  impl_->Wake();
}

void QueueWorker::SetConcurrency(std::size_t concurrency) {
  impl_->options.concurrency = std::max<std::size_t>(concurrency, 1);
  impl_->Wake();
}

std::size_t QueueWorker::running() const {
  return impl_->jobs.size();
}

Task<void> QueueWorker::Stop(std::chrono::milliseconds grace) {
  const auto impl = impl_;
  impl->accepting = false;
  co_await impl->WaitUntilIdle(grace);
  impl->GiveBackRunning();
  co_await impl->WaitUntilIdle(kGiveBackTime);
  impl->runtime->Remove(impl.get());
}

QueueWorker::Impl::Impl(std::shared_ptr<QueueRuntime::Impl> of, WorkerOptions worker_options, Handler job_handler,
                        Observer job_observer)
    : runtime(std::move(of)),
      options(std::move(worker_options)),
      handler(std::move(job_handler)),
      observer(std::move(job_observer)),
      keys(QueueKeys(options.queue)),
      delay_timer(runtime->executor),
      retry_timer(runtime->executor),
      idle_timer(runtime->executor) {}

void QueueWorker::Impl::Close() {
  if (closed) return;
  closed = true;
  accepting = false;
  delay_timer.cancel();
  retry_timer.cancel();
  idle_timer.cancel();
  // The handlers of a worker that goes away without Stop; their leases run out.
  const auto running = jobs;
  for (const auto& [name, job] : running) job->cancel.emit(asio::cancellation_type::terminal);
  runtime->Remove(this);
}

void QueueWorker::Impl::Wake() {
  wanted = true;
  Kick();
}

std::size_t QueueWorker::Impl::Room() const {
  if (!accepting || jobs.size() >= options.concurrency) return 0;
  return std::min(options.concurrency - jobs.size(), kMaxTaken);
}

void QueueWorker::Impl::Kick() {
  if (closed || exchanging || (ended.empty() && !(wanted && Room() > 0))) return;
  exchanging = true;
  Spawn(runtime->executor, "Queue", Exchange(shared_from_this()));
}

Task<void> QueueWorker::Impl::Exchange(std::shared_ptr<Impl> self) {
  while (!self->closed && (!self->ended.empty() || (self->wanted && self->Room() > 0))) {
    if (co_await self->ExchangeOnce()) continue;
    self->retry_timer.expires_after(kRetryPause);
    boost::system::error_code ignored;
    co_await self->retry_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  self->exchanging = false;
  self->NoteIdle();
}

Task<bool> QueueWorker::Impl::ExchangeOnce() {
  const std::size_t room = wanted ? Room() : 0;
  if (room > 0) wanted = false;
  std::vector<Ended> storing = std::exchange(ended, {});
  std::vector<std::string> arguments = ExchangeArguments(room, storing);
  std::string failure;
  try {
    const redis::Reply reply = co_await runtime->client.RunScript(ExchangeScript(), keys, std::move(arguments));
    if (failing) log::Info("Queue", "{}: Redis answers again", options.queue);
    failing = false;
    TakeReply(reply, room);
  } catch (const Unavailable& error) {
    failure = error.what();
  } catch (const redis::ReplyError& error) {
    failure = error.detail();
  }
  if (!failure.empty()) {
    if (!failing && !closed) log::Warn("Queue", "{}: {}", options.queue, failure);
    failing = true;
    wanted = true;
    // Storing an outcome twice does no harm: the second time its entry is gone.
    ended.insert(ended.begin(), std::make_move_iterator(storing.begin()), std::make_move_iterator(storing.end()));
    co_return false;
  }
  for (const Ended& end : storing) Observe(end);
  co_return true;
}

void QueueWorker::Impl::Observe(const Ended& end) const {
  if (!observer || end.outcome == Outcome::kGiveBack) return;
  try {
    observer(end.running->job, end.status, end.duration);
  } catch (const std::exception& error) {
    log::Error("Queue", "Observer of {} failed: {}", options.queue, error.what());
  }
}

std::vector<std::string> QueueWorker::Impl::ExchangeArguments(std::size_t room,
                                                              const std::vector<Ended>& storing) const {
  std::vector<std::string> arguments = {options.queue, runtime->consumer, std::to_string(room)};
  arguments.reserve(3 + 5 * storing.size());
  for (const Ended& end : storing) {
    arguments.push_back(end.running->key);
    arguments.push_back(end.running->entry);
    arguments.push_back(std::to_string(static_cast<int>(end.outcome)));
    arguments.push_back(std::to_string(end.running->job.delivery));
    arguments.push_back(end.reason);
  }
  return arguments;
}

void QueueWorker::Impl::TakeReply(const redis::Reply& reply, std::size_t room) {
  if (closed || reply.items.size() != 3) return;
  if (reply.items[0].integer >= 0) WakeIn(std::chrono::milliseconds(reply.items[0].integer));
  const std::size_t taken = StartAll(reply.items[1], keys[1]) + StartAll(reply.items[2], keys[0]);
  if (room > 0 && taken == room) wanted = true;
}

std::size_t QueueWorker::Impl::StartAll(const redis::Reply& entries, const std::string& key) {
  for (const redis::Reply& entry : entries.items) StartJob(entry, key);
  return entries.items.size();
}

/// `entry` is {entry id, {i, id, n, name, d, data, t, added, c, deliveries, k, custom}}.
void QueueWorker::Impl::StartJob(const redis::Reply& entry, const std::string& key) {
  auto running = std::make_shared<Running>();
  running->key = key;
  running->entry = entry.items.at(0).text;
  running->start = Clock::now();
  const auto& fields = entry.items.at(1).items;
  if (fields.size() != 12) {
    // Not written by this program, or by another version of it.
    log::Error("Queue", "{}: entry {} is no job", options.queue, running->entry);
    ended.push_back({running, Outcome::kDone, JobStatus::kFailed, "", {}});
    return;
  }
  Job& job = running->job;
  job.queue = options.queue;
  job.id = fields.at(1).text;
  job.name = fields.at(3).text;
  job.data = fields.at(5).text;
  job.added_at = FromUnixMilliseconds(NumberOf(fields.at(7).text));
  job.delivery = static_cast<int>(NumberOf(fields.at(9).text)) + 1;
  if (!accepting) {
    // Stop began while it was on its way.
    ended.push_back({running, Outcome::kGiveBack, JobStatus::kFailed, "", {}});
    return;
  }
  jobs.emplace(key + running->entry, running);
  asio::co_spawn(
      runtime->executor, RunHandler(shared_from_this(), running),
      asio::bind_cancellation_slot(running->cancel.slot(), [self = shared_from_this(), running](
                                                               const std::exception_ptr& error, JobStatus status) {
        self->Finish(running, error, status);
      }));
}

Task<JobStatus> QueueWorker::Impl::RunHandler(std::shared_ptr<Impl> self, std::shared_ptr<Running> running) {
  co_return co_await self->handler(running->job);
}

void QueueWorker::Impl::Finish(const std::shared_ptr<Running>& running, const std::exception_ptr& error,
                               JobStatus status) {
  if (running->given_back || closed) return;
  jobs.erase(running->key + running->entry);
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - running->start);
  if (error) {
    std::string reason = ReasonOf(error);
    log::Error("Queue", "{} {} failed: {}", running->job.name, running->job.id, reason);
    ended.push_back({running, Outcome::kFailed, JobStatus::kFailed, std::move(reason), duration});
  } else {
    ended.push_back({running, Outcome::kDone, status, "", duration});
  }
  Kick();
}

void QueueWorker::Impl::WakeIn(std::chrono::milliseconds delay) {
  delay_timer.expires_after(delay);
  delay_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& code) {
    const auto self = weak.lock();
    if (!code && self) self->Wake();
  });
}

void QueueWorker::Impl::GiveBackRunning() {
  const auto left = std::exchange(jobs, {});
  for (const auto& [name, running] : left) {
    running->given_back = true;
    ended.push_back({running, Outcome::kGiveBack, JobStatus::kFailed, "", {}});
    running->cancel.emit(asio::cancellation_type::terminal);
  }
  if (!left.empty()) log::Warn("Queue", "{}: {} unfinished jobs go back to waiting", options.queue, left.size());
  Kick();
}

void QueueWorker::Impl::NoteIdle() {
  if (IsIdle()) idle_timer.cancel();
}

Task<void> QueueWorker::Impl::WaitUntilIdle(std::chrono::milliseconds timeout) {
  if (IsIdle() || closed) co_return;
  idle_timer.expires_after(timeout);
  boost::system::error_code ignored;
  co_await idle_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

redis::ScriptCall QueueWorker::Impl::SweepCall(const std::string& consumer, bool reclaim) const {
  // While an exchange is under way this worker may own entries it does not know of yet.
  const bool recover_own = !exchanging;
  std::vector<std::string> arguments = {options.queue,
                                        consumer,
                                        std::to_string(options.lease.count()),
                                        reclaim ? "1" : "0",
                                        std::to_string(options.max_deliveries),
                                        recover_own ? "1" : "0"};
  for (const auto& [name, running] : jobs) {
    arguments.push_back(running->key);
    arguments.push_back(running->entry);
  }
  return {keys, std::move(arguments)};
}

}  // namespace immich::queue
