#include "platform/redis/redis_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <unordered_map>

#include "platform/async/event_loop.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/log/log.hpp"
#include "platform/redis/redis_stream.hpp"

namespace immich::redis {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kFirstRetryDelay{50};
constexpr std::chrono::milliseconds kLongestRetryDelay{1000};
constexpr std::size_t kKeptWriteBytes = 256 * 1024;

/// The commands of one coroutine, which waits on `done`: its timer expires at the timeout and is cancelled earlier
/// when the replies are there.
struct Call {
  explicit Call(const asio::any_io_executor& executor, std::chrono::milliseconds timeout) : done(executor, timeout) {}

  asio::steady_timer done;
  std::string bytes;
  std::size_t expected = 0;
  std::vector<Reply> replies;
  bool finished = false;
  std::string failure;
};

bool IsMissingScript(const Reply& reply) {
  return reply.is_error() && reply.text.starts_with("NOSCRIPT");
}

/// The server cannot do it now, whoever asks: it loads its data, its disk or memory is full, it lost its master or only
/// replicates. Inside a script older servers put the word further back.
bool IsTemporary(const Reply& reply) {
  constexpr std::string_view kStates[] = {"LOADING",     "MISCONF",    "OOM",        "READONLY", "TRYAGAIN",
                                          "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS", "BUSY",     "UNBLOCKED"};
  return std::ranges::any_of(kStates, [&text = reply.text](std::string_view state) {
    if (text.starts_with(state)) return text.size() == state.size() || text[state.size()] == ' ';
    return text.starts_with("ERR Error running script") && text.find(fmt::format(" -{} ", state)) != std::string::npos;
  });
}

void ThrowIfError(const Reply& reply, std::string_view command) {
  if (!reply.is_error()) return;
  if (IsTemporary(reply)) throw ConnectionLost(reply.text);
  throw ReplyError(fmt::format("Redis {}: {}", command, reply.text));
}

}  // namespace

struct Client::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::any_io_executor on, Options client_options)
      : executor(on), options(std::move(client_options)), stream(on) {}

  Task<std::vector<Reply>> Run(const std::vector<Command>& commands);
  void Wake();
  void Flush();
  static Task<void> Serve(std::shared_ptr<Impl> self);
  static Task<void> WriteAll(std::shared_ptr<Impl> self);
  Task<void> ReadReplies();
  void Accept(Reply reply);
  void Finish(const std::shared_ptr<Call>& call, std::string failure);
  void FailSent(const std::string& failure);
  void Close();
  const std::string& ShaOf(std::string_view script);

  asio::any_io_executor executor;
  Options options;
  RedisStream stream;
  std::deque<std::shared_ptr<Call>> unsent;
  std::deque<std::shared_ptr<Call>> sent;
  std::string writing;
  /// Counts connections, so that the end of a write is not taken for one of the next connection.
  unsigned epoch = 0;
  asio::cancellation_signal stop;
  bool connected = false;
  bool serving = false;
  bool flush_posted = false;
  bool write_running = false;
  bool closed = false;
  bool failing = false;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> script_shas;
};

Task<std::vector<Reply>> Client::Impl::Run(const std::vector<Command>& commands) {
  if (closed) throw ConnectionLost("the client is closed");
  if (commands.empty()) co_return std::vector<Reply>();
  auto call = std::make_shared<Call>(executor, options.command_timeout);
  for (const Command& command : commands) AppendCommand(call->bytes, command);
  call->expected = commands.size();
  unsent.push_back(call);
  Wake();
  boost::system::error_code code;
  co_await call->done.async_wait(asio::redirect_error(asio::use_awaitable, code));
  if (call->finished) {
    if (!call->failure.empty()) throw ConnectionLost(call->failure);
    co_return std::move(call->replies);
  }
  if (std::erase(unsent, call) == 0 && !code) {
    // Later answers could not be told from this one's: the connection starts anew.
    stream.Close();
  }
  if (code) throw boost::system::system_error(code);
  throw ConnectionLost(fmt::format("no answer within {} ms", options.command_timeout.count()));
}

/// Sends what waits, once the coroutines that are ready now have added theirs; connects when needed.
void Client::Impl::Wake() {
  if (!serving) {
    serving = true;
    auto on_end = [self = shared_from_this()](const std::exception_ptr&) {};
    asio::co_spawn(executor, Serve(shared_from_this()), asio::bind_cancellation_slot(stop.slot(), std::move(on_end)));
  }
  if (!connected || flush_posted || write_running) return;
  flush_posted = true;
  asio::post(executor, [self = shared_from_this()] {
    self->flush_posted = false;
    self->Flush();
  });
}

void Client::Impl::Flush() {
  if (!connected || write_running || unsent.empty()) return;
  write_running = true;
  Spawn(executor, "Redis", WriteAll(shared_from_this()));
}

Task<void> Client::Impl::WriteAll(std::shared_ptr<Impl> self) {
  const unsigned epoch = self->epoch;
  try {
    while (self->connected && self->epoch == epoch && !self->unsent.empty()) {
      self->writing.clear();
      while (!self->unsent.empty()) {
        auto call = std::move(self->unsent.front());
        self->unsent.pop_front();
        self->writing += call->bytes;
        std::string().swap(call->bytes);
        self->sent.push_back(std::move(call));
      }
      co_await self->stream.Write(self->writing);
    }
  } catch (const std::exception&) {
    // The reader then notices as well and fails what was sent.
    if (self->epoch == epoch) self->stream.Close();
  }
  if (self->writing.capacity() > kKeptWriteBytes) std::string().swap(self->writing);
  self->write_running = false;
  self->Flush();
}

/// Connects and reads until the connection breaks, again while commands wait.
Task<void> Client::Impl::Serve(std::shared_ptr<Impl> self) {
  struct Serving {
    bool& flag;
    ~Serving() { flag = false; }
  };
  const Serving serving{self->serving};
  auto delay = kFirstRetryDelay;
  while (!self->closed && !self->unsent.empty()) {
    std::string lost;
    try {
      co_await self->stream.Connect(self->options, std::max(self->options.command_timeout, kLongestRetryDelay));
      delay = kFirstRetryDelay;
      if (self->failing) log::Info("Redis", "Connected to Redis again");
      self->failing = false;
      co_await self->ReadReplies();
    } catch (const ConnectionLost& error) {
      lost = error.detail();
    } catch (const boost::system::system_error& error) {
      if (self->closed) throw;
      lost = error.what();
    }
    const bool was_connected = std::exchange(self->connected, false);
    ++self->epoch;
    self->stream.Close();
    self->FailSent(lost);
    if (!self->failing && !was_connected) log::Warn("Redis", "No connection to Redis: {}", lost);
    if (was_connected) continue;
    self->failing = true;
    co_await SleepFor(delay);
    delay = std::min(delay * 2, kLongestRetryDelay);
  }
}

Task<void> Client::Impl::ReadReplies() {
  connected = true;
  Flush();
  while (true) {
    Reply reply = co_await stream.Read();
    Accept(std::move(reply));
    // Without suspending while more has arrived.
    while (auto more = stream.TryRead()) Accept(std::move(*more));
  }
}

void Client::Impl::Accept(Reply reply) {
  if (sent.empty()) throw ConnectionLost("a reply nobody asked for");
  const auto& call = sent.front();
  call->replies.push_back(std::move(reply));
  if (call->replies.size() < call->expected) return;
  const auto complete = std::move(sent.front());
  sent.pop_front();
  Finish(complete, "");
}

void Client::Impl::Finish(const std::shared_ptr<Call>& call, std::string failure) {
  call->finished = true;
  call->failure = std::move(failure);
  call->done.cancel();
}

void Client::Impl::FailSent(const std::string& failure) {
  for (const auto& call : std::exchange(sent, {})) Finish(call, "connection lost: " + failure);
}

void Client::Impl::Close() {
  if (closed) return;
  closed = true;
  connected = false;
  stream.Close();
  FailSent("closed");
  for (const auto& call : std::exchange(unsent, {})) Finish(call, "the client is closed");
  if (serving) stop.emit(asio::cancellation_type::terminal);
}

const std::string& Client::Impl::ShaOf(std::string_view script) {
  const auto found = script_shas.find(script);
  if (found != script_shas.end()) return found->second;
  return script_shas.emplace(script, crypto::ToHex(crypto::HashSha1(script))).first->second;
}

Client::Client(asio::any_io_executor executor, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}

Client::~Client() {
  impl_->Close();
}

void Client::Close() {
  impl_->Close();
}

bool Client::is_connected() const {
  return impl_->connected;
}

Task<Reply> Client::Run(Command command) {
  const auto impl = impl_;
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  std::vector<Reply> replies = co_await impl->Run(commands);
  ThrowIfError(replies.front(), commands.front().empty() ? "" : commands.front().front());
  co_return std::move(replies.front());
}

Task<std::vector<Reply>> Client::RunPipeline(std::vector<Command> commands) {
  const auto impl = impl_;
  co_return co_await impl->Run(commands);
}

Task<Reply> Client::RunScript(std::string_view script, std::vector<std::string> keys,
                              std::vector<std::string> arguments) {
  std::vector<ScriptCall> calls;
  calls.push_back({std::move(keys), std::move(arguments)});
  std::vector<Reply> replies = co_await RunScripts(script, std::move(calls));
  co_return std::move(replies.front());
}

Task<std::vector<Reply>> Client::RunScripts(std::string_view script, std::vector<ScriptCall> calls) {
  const auto impl = impl_;
  std::vector<Command> commands;
  commands.reserve(calls.size());
  for (ScriptCall& call : calls) {
    Command command = {"EVALSHA", impl->ShaOf(script), std::to_string(call.keys.size())};
    std::ranges::move(call.keys, std::back_inserter(command));
    std::ranges::move(call.arguments, std::back_inserter(command));
    commands.push_back(std::move(command));
  }
  std::vector<Reply> replies = co_await impl->Run(commands);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (!IsMissingScript(replies[i])) continue;
    // EVAL also loads it, for the next ones.
    std::vector<Command> again = {std::move(commands[i])};
    again[0][0] = "EVAL";
    again[0][1] = std::string(script);
    std::vector<Reply> loaded = co_await impl->Run(again);
    replies[i] = std::move(loaded.front());
  }
  for (const Reply& reply : replies) ThrowIfError(reply, "script");
  co_return replies;
}

std::unique_ptr<Client> Client::CloneForBlocking(std::chrono::milliseconds command_timeout) const {
  Options options = impl_->options;
  options.command_timeout = command_timeout;
  return std::make_unique<Client>(impl_->executor, std::move(options));
}

}  // namespace immich::redis
