#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <map>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/redis/redis_stream.hpp"

namespace immich::redis {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kConnectTimeout{5000};
constexpr std::chrono::milliseconds kFirstRetryDelay{50};
constexpr std::chrono::milliseconds kLongestRetryDelay{2000};

struct Channel {
  std::vector<std::function<void(std::string_view payload)>> on_message;
  std::vector<std::function<void()>> on_subscribed;
};

/// A failing handler must not end the subscription.
template <class... Args>
void CallAll(const std::vector<std::function<void(Args...)>>& handlers, std::type_identity_t<Args>... args) {
  const auto copies = handlers;
  for (const auto& handler : copies) {
    try {
      if (handler) handler(args...);
    } catch (const std::exception& error) {
      log::Error("Redis", "Handler of a message failed: {}", error.what());
    }
  }
}

}  // namespace

struct Subscriber::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::any_io_executor on, Options subscriber_options)
      : executor(on), options(std::move(subscriber_options)), stream(on) {}

  void Subscribe(std::string name, Channel handlers);
  static Task<void> Serve(std::shared_ptr<Impl> self);
  static Task<void> SendPending(std::shared_ptr<Impl> self);
  Task<void> ReadMessages();
  void Accept(const Reply& message);
  void Close();

  asio::any_io_executor executor;
  Options options;
  RedisStream stream;
  std::map<std::string, Channel, std::less<>> channels;
  std::vector<std::string> pending;
  unsigned epoch = 0;
  asio::cancellation_signal stop;
  bool connected = false;
  bool serving = false;
  bool sending = false;
  bool closed = false;
};

void Subscriber::Impl::Subscribe(std::string name, Channel handlers) {
  if (closed) return;
  Channel& channel = channels[name];
  std::ranges::move(handlers.on_message, std::back_inserter(channel.on_message));
  std::ranges::move(handlers.on_subscribed, std::back_inserter(channel.on_subscribed));
  pending.push_back(std::move(name));
  if (connected && !sending) Spawn(executor, "Redis", SendPending(shared_from_this()));
  if (serving) return;
  serving = true;
  auto on_end = [self = shared_from_this()](const std::exception_ptr&) { self->serving = false; };
  asio::co_spawn(executor, Serve(shared_from_this()), asio::bind_cancellation_slot(stop.slot(), std::move(on_end)));
}

Task<void> Subscriber::Impl::Serve(std::shared_ptr<Impl> self) {
  auto delay = kFirstRetryDelay;
  bool failing = false;
  while (!self->closed) {
    std::string lost;
    try {
      co_await self->stream.Connect(self->options, kConnectTimeout);
      if (failing) log::Info("Redis", "Subscribed to Redis again");
      failing = false;
      delay = kFirstRetryDelay;
      co_await self->ReadMessages();
    } catch (const ConnectionLost& error) {
      lost = error.detail();
    } catch (const boost::system::system_error& error) {
      if (self->closed) throw;
      lost = error.what();
    }
    self->connected = false;
    ++self->epoch;
    self->stream.Close();
    if (!failing) log::Warn("Redis", "No subscription to Redis: {}", lost);
    failing = true;
    co_await SleepFor(delay);
    delay = std::min(delay * 2, kLongestRetryDelay);
  }
}

Task<void> Subscriber::Impl::SendPending(std::shared_ptr<Impl> self) {
  self->sending = true;
  const unsigned epoch = self->epoch;
  try {
    while (self->connected && self->epoch == epoch && !self->pending.empty()) {
      Command command = {"SUBSCRIBE"};
      std::ranges::move(std::exchange(self->pending, {}), std::back_inserter(command));
      std::string bytes;
      AppendCommand(bytes, command);
      co_await self->stream.Write(bytes);
    }
  } catch (const std::exception&) {
    if (self->epoch == epoch) self->stream.Close();
  }
  self->sending = false;
  if (self->connected && !self->pending.empty()) Spawn(self->executor, "Redis", SendPending(self));
}

Task<void> Subscriber::Impl::ReadMessages() {
  pending.clear();
  for (const auto& [name, channel] : channels) pending.push_back(name);
  connected = true;
  if (!sending) Spawn(executor, "Redis", SendPending(shared_from_this()));
  while (true) {
    const Reply message = co_await stream.Read();
    Accept(message);
  }
}

void Subscriber::Impl::Accept(const Reply& message) {
  if (message.is_error()) throw ConnectionLost(message.text);
  if (message.items.size() != 3) return;
  const auto found = channels.find(message.items[1].text);
  if (found == channels.end()) return;
  if (message.items[0].text == "message") CallAll<std::string_view>(found->second.on_message, message.items[2].text);
  if (message.items[0].text == "subscribe") CallAll<>(found->second.on_subscribed);
}

void Subscriber::Impl::Close() {
  if (closed) return;
  closed = true;
  connected = false;
  stream.Close();
  if (serving) stop.emit(asio::cancellation_type::terminal);
}

Subscriber::Subscriber(asio::any_io_executor executor, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}

Subscriber::~Subscriber() {
  impl_->Close();
}

void Subscriber::Subscribe(std::string channel, std::function<void(std::string_view payload)> on_message,
                           std::function<void()> on_subscribed) {
  impl_->Subscribe(std::move(channel), {{std::move(on_message)}, {std::move(on_subscribed)}});
}

void Subscriber::Close() {
  impl_->Close();
}

}  // namespace immich::redis
