#include "platform/redis/redis_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>

#include "platform/async/event_loop.hpp"
#include "platform/testing/redis_test_server.hpp"

namespace immich::redis {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

Task<bool> Eventually(std::function<bool()> condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) co_return true;
    co_await SleepFor(milliseconds(10));
  }
  co_return false;
}

class RedisClientTest : public ::testing::Test {
 protected:
  Options TestOptions() const {
    Options options;
    options.socket_path = server_.socket_path();
    return options;
  }
  void WithClient(const std::function<Task<void>(Client&)>& body, Options options) {
    RunToCompletion([&]() -> Task<void> {
      Client client(co_await asio::this_coro::executor, options);
      co_await body(client);
    });
  }
  void WithClient(const std::function<Task<void>(Client&)>& body) { WithClient(body, TestOptions()); }

  testing::RedisTestServer server_;
};

TEST_F(RedisClientTest, RunsCommands) {
  WithClient([](Client& client) -> Task<void> {
    const std::string binary("a\0\r\nb", 5);
    const Reply set = co_await client.Run({"SET", "key", binary});
    EXPECT_EQ(set.text, "OK");
    const Reply get = co_await client.Run({"GET", "key"});
    EXPECT_EQ(get.text, binary);
    const Reply missing = co_await client.Run({"GET", "nothing"});
    EXPECT_TRUE(missing.is_nil());
    const Reply count = co_await client.Run({"RPUSH", "list", "a", "b"});
    EXPECT_EQ(count.integer, 2);
    const Reply name = co_await client.Run({"CLIENT", "GETNAME"});
    EXPECT_EQ(name.text, "immich");
  });
}

TEST_F(RedisClientTest, ErrorRepliesAreThrownByRunAndReturnedByPipelines) {
  WithClient([](Client& client) -> Task<void> {
    try {
      co_await client.Run({"NONSENSE"});
      ADD_FAILURE() << "no error";
    } catch (const ReplyError& error) {
      EXPECT_THAT(error.detail(), HasSubstr("unknown command"));
    }
    std::vector<Command> commands = {{"SET", "a", "1"}, {"LPUSH", "a", "x"}, {"INCR", "a"}};
    const std::vector<Reply> replies = co_await client.RunPipeline(std::move(commands));
    EXPECT_EQ(replies.size(), 3U);
    EXPECT_TRUE(replies[1].is_error());
    EXPECT_EQ(replies[2].integer, 2);
    const std::vector<Reply> none = co_await client.RunPipeline({});
    EXPECT_TRUE(none.empty());
  });
}

TEST_F(RedisClientTest, AServerWithoutMemoryIsUnavailableUntilItHasSome) {
  WithClient([](Client& client) -> Task<void> {
    constexpr char kScript[] = "return redis.call('SET', KEYS[1], ARGV[1])";
    co_await client.RunScript(kScript, {"key"}, {"a"});
    co_await client.Run({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_THROW(co_await client.Run({"SET", "key", "b"}), Unavailable);
    EXPECT_THROW(co_await client.RunScript(kScript, {"key"}, {"c"}), Unavailable);
    EXPECT_THROW(co_await client.Run({"SET", "too few"}), ReplyError) << "a mistake stays one";
    co_await client.Run({"CONFIG", "SET", "maxmemory", "0"});
    const Reply set = co_await client.Run({"SET", "key", "d"});
    EXPECT_EQ(set.text, "OK");
  });
}

TEST_F(RedisClientTest, AReplicaThatMayNotWriteIsUnavailable) {
  WithClient([](Client& client) -> Task<void> {
    co_await client.Run({"REPLICAOF", "127.0.0.1", "1"});
    EXPECT_THROW(co_await client.Run({"SET", "key", "a"}), Unavailable);
    co_await client.Run({"REPLICAOF", "NO", "ONE"});
    co_await client.Run({"SET", "key", "a"});
  });
}

TEST_F(RedisClientTest, CoroutinesShareTheConnectionInOrder) {
  WithClient([](Client& client) -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    int done = 0;
    auto work = [&](int number) -> Task<void> {
      for (int i = 0; i < 50; ++i) {
        const std::string text = fmt::format("{}-{}-{}", number, i, std::string(static_cast<std::size_t>(i * 40), 'x'));
        const Reply echo = co_await client.Run({"ECHO", text});
        EXPECT_EQ(echo.text, text);
      }
      ++done;
    };
    for (int i = 0; i < 100; ++i) Spawn(executor, "Test", work(i));
    EXPECT_TRUE(co_await Eventually([&] { return done == 100; }));
    const Reply clients = co_await client.Run({"INFO", "clients"});
    EXPECT_THAT(clients.text, HasSubstr("connected_clients:1\r"));
  });
}

TEST_F(RedisClientTest, BigValuesPass) {
  WithClient([](Client& client) -> Task<void> {
    const std::string big(20'000'000, 'z');
    co_await client.Run({"SET", "big", big});
    const Reply get = co_await client.Run({"GET", "big"});
    EXPECT_EQ(get.text, big);
  });
}

TEST_F(RedisClientTest, ScriptsAreLoadedWhenNeeded) {
  WithClient([](Client& client) -> Task<void> {
    constexpr char kScript[] = "return {KEYS[1], ARGV[1]}";
    for (int i = 0; i < 3; ++i) {
      const Reply reply = co_await client.RunScript(kScript, {"k"}, {fmt::format("{}", i)});
      EXPECT_EQ(reply.items[1].text, fmt::format("{}", i));
      if (i == 1) co_await client.Run({"SCRIPT", "FLUSH"});
    }
    co_await client.Run({"SCRIPT", "FLUSH"});
    std::vector<ScriptCall> calls;
    for (int i = 0; i < 5; ++i) calls.push_back({{"k"}, {fmt::format("{}", i)}});
    const std::vector<Reply> replies = co_await client.RunScripts(kScript, std::move(calls));
    EXPECT_EQ(replies.size(), 5U);
    EXPECT_EQ(replies[4].items[1].text, "4");
    EXPECT_THROW(co_await client.RunScript("return redis.call('NOPE')", {}, {}), ReplyError);
  });
}

TEST_F(RedisClientTest, ReconnectsAfterARestart) {
  WithClient([this](Client& client) -> Task<void> {
    co_await client.Run({"PING"});
    server_.Kill();
    EXPECT_TRUE(co_await Eventually([&] { return !client.is_connected(); }));
    const auto executor = co_await asio::this_coro::executor;
    int done = 0;
    auto ping = [&]() -> Task<void> {
      co_await client.Run({"PING"});
      ++done;
    };
    for (int i = 0; i < 10; ++i) Spawn(executor, "Test", ping());
    co_await SleepFor(milliseconds(200));
    EXPECT_EQ(done, 0);
    server_.Start();
    EXPECT_TRUE(co_await Eventually([&] { return done == 10; }));
  });
}

TEST_F(RedisClientTest, BreakBeforeTheAnswerIsUnavailable) {
  WithClient([this](Client& client) -> Task<void> {
    co_await client.Run({"PING"});
    bool unavailable = false;
    auto block = [&]() -> Task<void> {
      try {
        co_await client.Run({"BLPOP", "nothing", "0"});
      } catch (const Unavailable& error) {
        unavailable = error.http_status() == 503;
      }
    };
    Spawn(co_await asio::this_coro::executor, "Test", block());
    co_await SleepFor(milliseconds(50));
    server_.Kill();
    EXPECT_TRUE(co_await Eventually([&] { return unavailable; }));
  });
}

TEST_F(RedisClientTest, NoServerIsUnavailableAfterTheTimeout) {
  Options options;
  options.socket_path = "/nonexistent/redis.sock";
  options.command_timeout = milliseconds(200);
  WithClient(
      [](Client& client) -> Task<void> {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_THROW(co_await client.Run({"PING"}), Unavailable);
        EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(190));
        EXPECT_THROW(co_await client.Run({"PING"}), Unavailable);
      },
      options);
  options.socket_path.clear();
  options.hostname = "localhost";
  options.port = 1;
  WithClient([](Client& client) -> Task<void> { EXPECT_THROW(co_await client.Run({"PING"}), Unavailable); }, options);
}

TEST_F(RedisClientTest, ServerThatDoesNotAnswerTimesOutAndIsLeft) {
  Options options = TestOptions();
  options.command_timeout = milliseconds(200);
  WithClient(
      [this](Client& client) -> Task<void> {
        co_await client.Run({"PING"});
        server_.Freeze();
        EXPECT_THROW(co_await client.Run({"PING"}), Unavailable);
        // Not even the handshake is answered.
        EXPECT_THROW(co_await client.Run({"PING"}), Unavailable);
        server_.Thaw();
        const Reply pong = co_await client.Run({"PING"});
        EXPECT_EQ(pong.text, "PONG");
      },
      options);
}

TEST_F(RedisClientTest, CancelledCommandsLeaveTheOthersInOrder) {
  WithClient([](Client& client) -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::cancellation_signal signal;
    bool ended = false;
    auto slow = [&]() -> Task<void> { co_await client.Run({"DEBUG", "SLEEP", "0.1"}); };
    asio::co_spawn(executor, slow(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                     ended = error != nullptr;
                   }));
    co_await SleepFor(milliseconds(20));
    signal.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(co_await Eventually([&] { return ended; }));
    const Reply echo = co_await client.Run({"ECHO", "mine"});
    EXPECT_EQ(echo.text, "mine");
  });
}

TEST_F(RedisClientTest, PasswordAndDatabase) {
  WithClient([this](Client& client) -> Task<void> {
    co_await client.Run({"CONFIG", "SET", "requirepass", "secret"});
    const auto executor = co_await asio::this_coro::executor;
    Options options = TestOptions();
    options.command_timeout = milliseconds(300);
    Client without(executor, options);
    EXPECT_THROW(co_await without.Run({"PING"}), Unavailable);
    options.password = "secret";
    options.db_index = 3;
    Client with(executor, options);
    co_await with.Run({"SET", "in", "three"});
    const Reply elsewhere = co_await client.Run({"EXISTS", "in"});
    EXPECT_EQ(elsewhere.integer, 0);
    options.username = "default";
    Client named(executor, options);
    const Reply here = co_await named.Run({"EXISTS", "in"});
    EXPECT_EQ(here.integer, 1);
    options.db_index = 99;
    Client beyond(executor, options);
    EXPECT_THROW(co_await beyond.Run({"PING"}), Unavailable);
  });
}

/// A TCP port that was free a moment ago.
std::uint16_t FreePort(const asio::any_io_executor& executor) {
  asio::ip::tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

TEST_F(RedisClientTest, ConnectsOverTcp) {
  WithClient([](Client& client) -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    Options options;
    options.hostname = "localhost";
    options.port = FreePort(executor);
    options.command_timeout = milliseconds(2000);
    co_await client.Run({"CONFIG", "SET", "port", std::to_string(options.port)});
    Client over_tcp(executor, options);
    const std::string big(1'000'000, 'x');
    const Reply echo = co_await over_tcp.Run({"ECHO", big});
    EXPECT_EQ(echo.text, big);
  });
}

TEST_F(RedisClientTest, BlockingCloneHasItsOwnConnection) {
  WithClient([](Client& client) -> Task<void> {
    const auto blocking = client.CloneForBlocking(milliseconds(10000));
    std::string popped;
    auto pop = [&]() -> Task<void> {
      const Reply reply = co_await blocking->Run({"BLPOP", "list", "8"});
      popped = reply.items[1].text;
    };
    Spawn(co_await asio::this_coro::executor, "Test", pop());
    co_await SleepFor(milliseconds(30));
    co_await client.Run({"RPUSH", "list", "x"});
    EXPECT_TRUE(co_await Eventually([&] { return popped == "x"; }));
  });
}

TEST_F(RedisClientTest, ClosedClientRefuses) {
  WithClient([](Client& client) -> Task<void> {
    co_await client.Run({"PING"});
    client.Close();
    EXPECT_THROW(co_await client.Run({"PING"}), Unavailable);
  });
}

TEST_F(RedisClientTest, SubscriberReceivesAndResubscribes) {
  WithClient([this](Client& client) -> Task<void> {
    Subscriber subscriber(co_await asio::this_coro::executor, TestOptions());
    std::vector<std::string> first, second;
    int subscribed = 0;
    subscriber.Subscribe("one", [&](std::string_view payload) { first.emplace_back(payload); }, [&] { ++subscribed; });
    EXPECT_TRUE(co_await Eventually([&] { return subscribed == 1; }));
    subscriber.Subscribe(
        "two", [&](std::string_view) { throw BadRequest("handlers may fail"); }, [&] { ++subscribed; });
    subscriber.Subscribe("two", [&](std::string_view payload) { second.emplace_back(payload); });
    EXPECT_TRUE(co_await Eventually([&] { return subscribed >= 2; }));
    co_await client.Run({"PUBLISH", "one", "a"});
    co_await client.Run({"PUBLISH", "two", "b"});
    EXPECT_TRUE(co_await Eventually([&] { return first.size() == 1 && second.size() == 1; }));
    const int before = subscribed;
    server_.Kill();
    co_await SleepFor(milliseconds(100));
    server_.Start();
    EXPECT_TRUE(co_await Eventually([&] { return subscribed >= before + 2; }));
    co_await client.Run({"PUBLISH", "one", "c"});
    EXPECT_TRUE(co_await Eventually([&] { return first.size() == 2; }));
    EXPECT_EQ(first, (std::vector<std::string>{"a", "c"}));
  });
}

}  // namespace
}  // namespace immich::redis
