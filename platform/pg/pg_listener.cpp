#include <fmt/format.h>

#include <algorithm>

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
  if (listener) listener->Interrupt();
  if (listener_started || closed) return;
  listener_started = true;
  SpawnBackground(RunListener(shared_from_this()));
}

Task<void> Pool::Impl::RunListener(std::shared_ptr<Impl> self) {
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
    self->listener.reset();
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
