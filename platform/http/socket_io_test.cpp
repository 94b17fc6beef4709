#include "platform/http/socket_io.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "platform/error/error.hpp"
#include "platform/http/socket_io_packet.hpp"
#include "platform/http/web_socket_testing.hpp"
#include "platform/testing/redis_test_server.hpp"

namespace immich::http {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

using Kind = SocketIoPacket::Kind;

TEST(SocketIoPacketTest, Parses) {
  const auto kind = [](std::string_view text) { return ParseSocketIoPacket(text).kind; };
  EXPECT_EQ(kind("3"), Kind::kPong);
  EXPECT_EQ(kind("2probe"), Kind::kPing);
  EXPECT_EQ(ParseSocketIoPacket("2probe").payload, "probe");
  EXPECT_EQ(kind("1"), Kind::kClose);
  EXPECT_EQ(kind("40"), Kind::kConnect);
  EXPECT_EQ(kind("41"), Kind::kDisconnect);
  EXPECT_EQ(kind("42[\"x\"]"), Kind::kEvent);
  EXPECT_EQ(kind("451-[\"x\",{\"_placeholder\":true,\"num\":0}]"), Kind::kIgnored);
  EXPECT_EQ(kind("bAQID"), Kind::kIgnored);
  for (const std::string_view bad : {"", "9", "x", "4", "47", "0{}"}) EXPECT_EQ(kind(bad), Kind::kMalformed) << bad;
  const SocketIoPacket named = ParseSocketIoPacket("40/admin?token=1,{\"a\":1}");
  EXPECT_EQ(named.name_space, "/admin");
  EXPECT_EQ(named.payload, "{\"a\":1}");
  EXPECT_EQ(ParseSocketIoPacket("4212[\"x\"]").payload, "[\"x\"]");
  EXPECT_EQ(ParseSocketIoPacket("40/admin").name_space, "/admin");
  EXPECT_EQ(ParseSocketIoPacket("40{\"token\":\"a\"}").name_space, "/");
}

TEST(SocketIoPacketTest, Formats) {
  EXPECT_EQ(SocketIoEventPacket("on_config_update", {}), R"(42["on_config_update"])");
  EXPECT_EQ(SocketIoEventPacket("a\"b\n", {"{\"x\":1}", "[2]"}), "42[\"a\\\"b\\u000a\",{\"x\":1},[2]]");
  EXPECT_EQ(EngineIoOpenPacket("s", 25000, 20000, 1000000),
            R"(0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
}

class SocketIoTest : public ::testing::Test {
 protected:
  SocketIoTest() {
    server_ = std::make_unique<TestServer>(
        [this](Router& router) { router_ = &router; }, ServerOptions{},
        [this](Server& server, const boost::asio::any_io_executor& executor) {
          redis::Options options;
          options.socket_path = redis_server_.socket_path();
          redis_ = std::make_unique<redis::Client>(executor, options);
          subscriber_ = std::make_unique<redis::Subscriber>(executor, options);
          socket_io_ = std::make_unique<SocketIoServer>(executor, *redis_, *subscriber_);
          socket_io_->Attach(
              server, *router_, "/api/socket.io", [](Request& request) { return Authenticate(request); },
              [this](const std::vector<std::string>& rooms) -> Task<void> {
                co_await Emit(rooms.at(0), "on_server_version", {"{\"major\":3}"});
              });
        });
    server_->Run([this]() -> Task<void> {
      redis::Command command{"PUBSUB", "NUMSUB", "immich:socket.io"};
      for (;;) {
        const redis::Reply reply = co_await redis_->Run(command);
        if (reply.items.at(1).integer == 1) break;
        co_await SleepFor(std::chrono::milliseconds(1));
      }
    });
  }
  ~SocketIoTest() override {
    server_->Run([this]() -> Task<void> {
      socket_io_->Close();
      co_await server_->server().Stop(std::chrono::seconds(5));
      socket_io_.reset();
      subscriber_.reset();
      redis_.reset();
    });
  }

  static Task<std::optional<std::vector<std::string>>> Authenticate(Request& request) {
    const std::string_view token = request.FindCookie("immich_access_token").value_or("");
    if (token == "throw") throw Unauthorized("Invalid user token");
    if (token == "outage") throw Unavailable("database");
    if (token.empty()) co_return std::nullopt;
    std::vector<std::string> rooms{std::string(token), "session-" + std::string(token)};
    co_return rooms;
  }
  Task<void> Emit(std::string room, std::string event, std::vector<std::string> arguments) {
    SocketIoEmitter emitter(*redis_);
    co_await emitter.Emit(room, event, std::move(arguments));
  }
  void EmitNow(const std::string& room, const std::string& event, const std::vector<std::string>& arguments) {
    server_->Run([&]() -> Task<void> { co_await Emit(room, event, arguments); });
  }
  std::unique_ptr<WebSocketClient> Connect(const std::string& token) {
    auto client = std::make_unique<WebSocketClient>(server_->port(), "/api/socket.io/?EIO=4&transport=websocket",
                                                    "Cookie: immich_access_token=" + token + "\r\n");
    EXPECT_THAT(client->ReadText(), MatchesRegex(R"(0\{"sid":"[A-Za-z0-9_-]{20}","upgrades":\[\],"pingInterval":25000,)"
                                                 R"("pingTimeout":20000,"maxPayload":1000000\})"));
    client->Send(WebSocketOpcode::kText, "40{\"ignored\":true}");
    EXPECT_THAT(client->ReadText(), MatchesRegex(R"(40\{"sid":"[A-Za-z0-9_-]{20}"\})"));
    return client;
  }

  testing::RedisTestServer redis_server_;
  Router* router_ = nullptr;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<redis::Client> redis_;
  std::unique_ptr<redis::Subscriber> subscriber_;
  std::unique_ptr<SocketIoServer> socket_io_;
};

TEST_F(SocketIoTest, RoomsReceiveTheirEvents) {
  constexpr std::string_view kVersion = R"(42["on_server_version",{"major":3}])";
  // Each is greeted before the next comes: a greeting still on its way would reach the next socket of the room too.
  const auto anna = Connect("anna");
  EXPECT_EQ(anna->ReadText(), kVersion);
  const auto anna_again = Connect("anna");
  EXPECT_EQ(anna_again->ReadText(), kVersion);
  // Anna's second socket makes the version come to her first one once more.
  EXPECT_EQ(anna->ReadText(), kVersion);
  const auto ben = Connect("ben");
  EXPECT_EQ(ben->ReadText(), kVersion);
  EmitNow("anna", "on_asset_delete", {"\"id\""});
  EmitNow("session-ben", "on_session_delete", {"\"s\""});
  EmitNow("", "on_config_update", {});
  EmitNow("nobody", "never", {});
  EXPECT_EQ(anna->ReadText(), R"(42["on_asset_delete","id"])");
  EXPECT_EQ(anna_again->ReadText(), R"(42["on_asset_delete","id"])");
  EXPECT_EQ(anna->ReadText(), R"(42["on_config_update"])");
  EXPECT_EQ(ben->ReadText(), R"(42["on_session_delete","s"])");
  EXPECT_EQ(ben->ReadText(), R"(42["on_config_update"])");
  EXPECT_TRUE(server_->Await([&] { return socket_io_->sockets() == 3; }));
  ben->Send(WebSocketOpcode::kText, "41");
  EXPECT_EQ(ben->ReadFrame().opcode, WebSocketOpcode::kClose);
  EXPECT_TRUE(server_->Await([&] { return socket_io_->sockets() == 2; }));
}

TEST_F(SocketIoTest, RefusedSocketsHearWhyAndAreDisconnected) {
  for (const char* token : {"", "throw"}) {
    const auto client = Connect(token);
    EXPECT_EQ(client->ReadText(), R"(42["error","unauthorized"])");
    EXPECT_EQ(client->ReadText(), "41");
    EXPECT_EQ(client->ReadFrame().opcode, WebSocketOpcode::kClose);
  }
  const auto outage = Connect("outage");
  EXPECT_EQ(outage->ReadFrame().opcode, WebSocketOpcode::kClose);
}

TEST_F(SocketIoTest, DisconnectRoomEndsItsSocketsOnly) {
  const auto anna = Connect("anna"), ben = Connect("ben");
  EXPECT_EQ(anna->ReadText(), R"(42["on_server_version",{"major":3}])");
  EXPECT_EQ(ben->ReadText(), R"(42["on_server_version",{"major":3}])");
  server_->Run([&]() -> Task<void> {
    socket_io_->DisconnectRoom("session-anna");
    socket_io_->DisconnectRoom("");
    co_return;
  });
  EXPECT_EQ(anna->ReadText(), "41");
  EXPECT_EQ(anna->ReadFrame().opcode, WebSocketOpcode::kClose);
  EmitNow("ben", "still_here", {});
  EXPECT_EQ(ben->ReadText(), R"(42["still_here"])");
}

TEST_F(SocketIoTest, OtherNamespacesPingsAndNonsense) {
  const auto client = Connect("anna");
  EXPECT_EQ(client->ReadText(), R"(42["on_server_version",{"major":3}])");
  client->Send(WebSocketOpcode::kText, "40/admin,{}");
  EXPECT_EQ(client->ReadText(), R"(44/admin,{"message":"Invalid namespace"})");
  client->Send(WebSocketOpcode::kText, "2");
  EXPECT_EQ(client->ReadText(), "3");
  client->Send(WebSocketOpcode::kText, "42[\"unknown\",1]");
  client->Send(WebSocketOpcode::kText, "nonsense");
  EXPECT_EQ(client->ReadFrame().opcode, WebSocketOpcode::kClose);
}

TEST_F(SocketIoTest, PollingIsRefusedAsCaptured) {
  RawClient client(server_->port());
  const RawResponse response = client.Request(GetText("/api/socket.io/?EIO=4&transport=polling"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(response["access-control-allow-origin"], "*");
  EXPECT_EQ(response["content-type"], "application/json");
  WebSocketClient old(server_->port(), "/api/socket.io/?EIO=3&transport=websocket");
  EXPECT_EQ(old.ReadFrame().opcode, WebSocketOpcode::kClose);
}

}  // namespace
}  // namespace immich::http
