#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <climits>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/queue/queue_scripts.hpp"
#include "platform/queue/queue_worker_impl.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::queue {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// Unique for each start of a process: what an earlier one left behind is not its own.
std::string ConsumerName() {
  char host[HOST_NAME_MAX + 1] = "";
  gethostname(host, sizeof host - 1);
  return fmt::format("{}-{}-{}", host, getpid(), Uuid::Random().ToString().substr(0, 8));
}

redis::Options Named(redis::Options options, std::string_view role) {
  options.client_name = fmt::format("{}-{}", options.client_name, role);
  return options;
}

}  // namespace

QueueRuntime::QueueRuntime(asio::any_io_executor executor, redis::Options redis)
    : impl_(std::make_shared<Impl>(std::move(executor), redis)) {}

QueueRuntime::~QueueRuntime() {
  impl_->Close();
}

redis::Client& QueueRuntime::client() {
  return impl_->client;
}

QueueRuntime::Impl::Impl(asio::any_io_executor on, const redis::Options& redis)
    : executor(on),
      client(on, Named(redis, "queue")),
      subscriber(on, Named(redis, "wake")),
      consumer(ConsumerName()),
      beat_timer(on),
      reachable_since(Clock::time_point::min()) {}

void QueueRuntime::Impl::Add(const std::shared_ptr<QueueWorker::Impl>& worker) {
  if (closed) throw InternalError("queue runtime is closed");
  if (!workers.emplace(worker->options.queue, worker).second) {
    throw InternalError(fmt::format("queue {} has a worker already", worker->options.queue));
  }
  if (beating) {
    beat_timer.cancel();
    return;
  }
  beating = true;
  const std::weak_ptr<Impl> weak = weak_from_this();
  subscriber.Subscribe(
      std::string(kWakeChannel),
      [weak](std::string_view queue) {
        const auto self = weak.lock();
        if (!self) return;
        const auto found = self->workers.find(queue);
        if (found != self->workers.end()) found->second->Wake();
      },
      [weak] {
        if (const auto self = weak.lock()) self->WakeAll();
      });
  Spawn(executor, "Queue", BeatUntilClosed(shared_from_this()));
}

void QueueRuntime::Impl::Remove(const QueueWorker::Impl* worker) {
  std::erase_if(workers, [worker](const auto& entry) { return entry.second.get() == worker; });
}

void QueueRuntime::Impl::Close() {
  if (closed) return;
  closed = true;
  beat_timer.cancel();
  const auto all = std::exchange(workers, {});
  for (const auto& [queue, worker] : all) worker->Close();
  subscriber.Close();
  client.Close();
}

void QueueRuntime::Impl::WakeAll() {
  for (const auto& [queue, worker] : workers) worker->Wake();
}

std::chrono::milliseconds QueueRuntime::Impl::Interval() const {
  std::chrono::milliseconds shortest{30000};
  for (const auto& [queue, worker] : workers) shortest = std::min(shortest, worker->options.lease);
  return std::max(shortest / 3, std::chrono::milliseconds(10));
}

Task<void> QueueRuntime::Impl::BeatUntilClosed(std::shared_ptr<Impl> self) {
  while (!self->closed) {
    try {
      co_await self->Beat();
      if (std::exchange(self->was_unreachable, false)) self->reachable_since = Clock::now();
    } catch (const Unavailable&) {
      self->was_unreachable = true;
    } catch (const redis::ReplyError& error) {
      log::Error("Queue", "Heartbeat failed: {}", error.detail());
    }
    if (self->closed) co_return;
    // What a lost message hid is found now at the latest.
    self->WakeAll();
    self->beat_timer.expires_after(self->Interval());
    boost::system::error_code ignored;
    co_await self->beat_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

/// Renews the leases of running jobs and finds what dead workers left.
Task<void> QueueRuntime::Impl::Beat() {
  std::vector<redis::ScriptCall> calls;
  for (const auto& [queue, worker] : workers) {
    const bool settled = !was_unreachable && Clock::now() - worker->options.lease / 2 >= reachable_since;
    calls.push_back(worker->SweepCall(consumer, settled));
  }
  co_await client.RunScripts(SweepScript(), std::move(calls));
}

}  // namespace immich::queue
