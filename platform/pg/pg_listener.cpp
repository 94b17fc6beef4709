#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool_impl.hpp"

namespace immich::pg {
namespace {

constexpr std::chrono::milliseconds kFirstRetryDelay{50};
constexpr std::chrono::milliseconds kLongestRetryDelay{5000};

std::string QuotedIdentifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

}  // namespace

void Pool::Impl::Listen(std::string name, Channel handlers) {
  Channel& channel = channels[std::move(name)];
  std::ranges::move(handlers.on_notify, std::back_inserter(channel.on_notify));
  std::ranges::move(handlers.on_listening, std::back_inserter(channel.on_listening));
  std::ranges::move(handlers.on_lost, std::back_inserter(channel.on_lost));
  if (listener) listener->Interrupt();
  if (listener_started || closed) return;
  listener_started = true;
  SpawnBackground(RunListener(shared_from_this()));
}

Task<void> Pool::Impl::RunListener(std::shared_ptr<Impl> self) {
  // Also when Close() cancels this task.
  struct Ending {
    Impl& pool;
    ~Ending() { pool.StopListening(); }
  };
  const Ending ending{*self};
  auto delay = kFirstRetryDelay;
  while (!self->closed) {
    try {
      self->listener = co_await self->OpenOwn();
      self->NoteSuccess();
      delay = kFirstRetryDelay;
      co_await self->ListenOnce();
    } catch (const ConnectionBroken& error) {
      self->NoteFailure(error.detail());
    } catch (const QueryError& error) {
      log::Error("Database", "LISTEN failed: {}", error.detail());
    }
    self->StopListening();
    co_await SleepFor(delay);
    delay = std::min(delay * 2, kLongestRetryDelay);
  }
}

/// Hands out notifications until the connection breaks.
Task<void> Pool::Impl::ListenOnce() {
  std::set<std::string> listening;
  const auto connection = listener;
  while (true) {
    co_await ListenToNewChannels(listening);
    if (!catching_up.empty()) {
      co_await ServeCatchUp();
      continue;
    }
    co_await connection->WaitForNotifications(
        [this](std::string_view channel, std::string_view payload) { Notify(channel, payload); });
  }
}

Task<void> Pool::Impl::ListenToNewChannels(std::set<std::string>& listening) {
  const auto connection = listener;
  std::vector<std::string> fresh;
  for (const auto& [name, channel] : channels) {
    if (!listening.contains(name)) fresh.push_back(name);
  }
  const Params none;
  for (const std::string& name : fresh) {
    const std::string text = "LISTEN " + QuotedIdentifier(name);
    co_await connection->RunDynamic(text, none);
    listening.insert(name);
    const auto handlers = channels[name].on_listening;
    for (const auto& on_listening : handlers) {
      if (on_listening) on_listening();
    }
  }
}

void Pool::Impl::StopListening() {
  if (!listener) return;
  listener.reset();
  for (const auto& [name, channel] : channels) {
    // When the pool ends there is nobody to tell.
    const auto handlers = closed ? std::vector<std::function<void()>>() : channel.on_lost;
    for (const auto& on_lost : handlers) {
      if (on_lost) on_lost();
    }
  }
  Wake(std::exchange(being_served, {}), false);
  Wake(std::exchange(catching_up, {}), false);
}

bool Pool::Impl::TakeNotifications() {
  const auto connection = listener;
  return connection && connection->TakeNotifications(
                           [this](std::string_view channel, std::string_view payload) { Notify(channel, payload); });
}

Task<bool> Pool::Impl::CatchUp() {
  if (!listener || closed) co_return false;
  const auto self = shared_from_this();
  const auto waiter = std::make_shared<CatchUpWaiter>(executor);
  catching_up.push_back(waiter);
  listener->Interrupt();
  boost::system::error_code code;
  co_await waiter->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, code));
  if (!waiter->is_awake) throw boost::system::system_error(code);
  co_return waiter->has_caught_up;
}

/// One round trip for all that have come until now; those that come meanwhile wait for the next.
Task<void> Pool::Impl::ServeCatchUp() {
  const auto connection = listener;
  being_served = std::exchange(catching_up, {});
  connection->SetDeadline(std::chrono::steady_clock::now() + kCatchUpTimeout);
  co_await connection->Sync();
  connection->SetDeadline(std::nullopt);
  if (!TakeNotifications()) throw ConnectionBroken("the listening connection ended");
  Wake(std::exchange(being_served, {}), true);
}

void Pool::Impl::Wake(const CatchUpWaiters& waiters, bool has_caught_up) {
  for (const auto& waiter : waiters) {
    waiter->is_awake = true;
    waiter->has_caught_up = has_caught_up;
    waiter->timer.cancel();
  }
}

void Pool::Impl::Notify(std::string_view name, std::string_view payload) {
  const auto found = channels.find(name);
  if (found == channels.end()) return;
  const auto handlers = found->second.on_notify;
  for (const auto& on_notify : handlers) {
    try {
      on_notify(payload);
    } catch (const std::exception& error) {
      log::Error("Database", "Handler of notification {} failed: {}", name, error.what());
    }
  }
}

}  // namespace immich::pg
