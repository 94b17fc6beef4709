#include "platform/http/web_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "platform/http/http_test_server.hpp"
#include "platform/http/web_socket_frame.hpp"
#include "platform/http/web_socket_testing.hpp"

namespace immich::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class WebSocketTest : public ::testing::Test {
 protected:
  WebSocketTest()
      : server_([](Router&) {}, {},
                [this](Server& server, const auto&) {
                  server.OnWebSocket("/ws", [this](Request& request, WebSocket& socket) -> Task<void> {
                    socket.Send("hello " + std::string(request.query.Find("name").value_or("nobody")));
                    while (auto message = co_await socket.Read()) {
                      if (*message == "close") socket.Close();
                      if (*message == "flood") {
                        for (int i = 0; i < 6000; ++i) socket.Send(std::string(100'000, 'x'));
                      }
                      socket.Send("echo " + *message);
                    }
                    ++finished_;
                  });
                }) {}

  std::atomic<int> finished_ = 0;
  TestServer server_;
};

TEST_F(WebSocketTest, HandshakeEchoAndClose) {
  WebSocketClient client(server_.port(), "/ws/?name=me");
  EXPECT_THAT(client.handshake(), HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  EXPECT_EQ(client.ReadText(), "hello me");
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 1'000'000u}) {
    const std::string text(size, 'x');
    client.Send(WebSocketOpcode::kText, text);
    EXPECT_EQ(client.ReadText(), "echo " + text);
  }
  client.Send(WebSocketOpcode::kPing, "p");
  EXPECT_EQ(client.ReadFrame(), (WebSocketClient::Frame{WebSocketOpcode::kPong, "p"}));
  client.Send(WebSocketOpcode::kClose, std::string("\x03\xE8", 2));
  EXPECT_EQ(client.ReadFrame(), (WebSocketClient::Frame{WebSocketOpcode::kClose, std::string("\x03\xE8", 2)}));
  EXPECT_TRUE(server_.Await([&] { return finished_ == 1; }));
}

TEST_F(WebSocketTest, FragmentsAndSeveralFramesInAPacket) {
  WebSocketClient client(server_.port(), "/ws");
  client.ReadText();
  const std::string bytes = WebSocketClient::Encode(WebSocketOpcode::kText, "he", false) +
                            WebSocketClient::Encode(WebSocketOpcode::kPing, "", true) +
                            WebSocketClient::Encode(WebSocketOpcode::kContinuation, "llo", true) +
                            WebSocketClient::Encode(WebSocketOpcode::kText, "two", true);
  client.SendRaw(bytes);
  EXPECT_EQ(client.ReadFrame().opcode, WebSocketOpcode::kPong);
  EXPECT_EQ(client.ReadText(), "echo hello");
  EXPECT_EQ(client.ReadText(), "echo two");
  for (const char c : bytes) client.SendRaw({&c, 1});
  EXPECT_EQ(client.ReadFrame().opcode, WebSocketOpcode::kPong);
  EXPECT_EQ(client.ReadText(), "echo hello");
  EXPECT_EQ(client.ReadText(), "echo two");
}

TEST_F(WebSocketTest, ProtocolErrorsCloseWithTheirCode) {
  const auto code_for = [&](const std::string& bytes) {
    WebSocketClient client(server_.port(), "/ws");
    client.ReadText();
    client.SendRaw(bytes);
    const auto frame = client.ReadFrame();
    if (frame.opcode != WebSocketOpcode::kClose || frame.payload.size() != 2) return -1;
    return static_cast<unsigned char>(frame.payload[0]) * 256 + static_cast<unsigned char>(frame.payload[1]);
  };
  EXPECT_EQ(code_for(EncodeWebSocketFrame(WebSocketOpcode::kText, "unmasked")), 1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kContinuation, "x", true)), 1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kText, "a", false) +
                     WebSocketClient::Encode(WebSocketOpcode::kText, "b", true)),
            1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(static_cast<WebSocketOpcode>(3), "x", true)), 1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kPing, std::string(126, 'x'), true)), 1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kPing, "x", false)), 1002);
  EXPECT_EQ(code_for(std::string("\xC1\x80\x00\x00\x00\x00", 6)), 1002);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kText, "\xFF", true)), 1007);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kText, std::string(1'000'001, 'x'), true)), 1009);
  EXPECT_EQ(code_for(WebSocketClient::Encode(WebSocketOpcode::kText, std::string(600'000, 'x'), false) +
                     WebSocketClient::Encode(WebSocketOpcode::kContinuation, std::string(600'000, 'x'), true)),
            1009);
  EXPECT_TRUE(server_.Await([&] { return finished_ == 10; }));
}

TEST_F(WebSocketTest, ServerCloseAndBrokenConnectionsEndTheHandler) {
  WebSocketClient closing(server_.port(), "/ws");
  closing.ReadText();
  closing.Send(WebSocketOpcode::kText, "close");
  EXPECT_EQ(closing.ReadFrame().opcode, WebSocketOpcode::kClose);
  closing.Send(WebSocketOpcode::kClose, "");
  EXPECT_TRUE(server_.Await([&] { return finished_ == 1; }));
  {
    WebSocketClient vanishing(server_.port(), "/ws");
    vanishing.ReadText();
  }
  EXPECT_TRUE(server_.Await([&] { return finished_ == 2 && server_.server().connections() == 0; }));
}

TEST_F(WebSocketTest, AClientThatDoesNotReadIsDropped) {
  WebSocketClient client(server_.port(), "/ws");
  client.ReadText();
  client.Send(WebSocketOpcode::kText, "flood");
  EXPECT_TRUE(server_.Await([&] { return finished_ == 1; }));
}

TEST_F(WebSocketTest, StopSendsACloseFrame) {
  WebSocketClient client(server_.port(), "/ws");
  client.ReadText();
  std::thread stopper([&] { server_.Run([&]() -> Task<void> { co_await server_.server().Stop(10s); }); });
  EXPECT_EQ(client.ReadFrame().opcode, WebSocketOpcode::kClose);
  client.Send(WebSocketOpcode::kClose, "");
  client.Close();
  stopper.join();
  EXPECT_EQ(finished_, 1);
}

TEST_F(WebSocketTest, BadHandshakesAreRefused) {
  RawClient no_key(server_.port());
  EXPECT_EQ(no_key.Request(GetText("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\n")).status, 400);
  RawClient old_version(server_.port());
  const RawResponse old = old_version.Request(
      GetText("/ws",
              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              "Sec-WebSocket-Version: 8\r\n"));
  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old["sec-websocket-version"], "13");
  RawClient elsewhere(server_.port());
  EXPECT_EQ(elsewhere.Request(GetText("/other", "Upgrade: websocket\r\nConnection: Upgrade\r\n")).status, 404);
  RawClient plain(server_.port());
  EXPECT_EQ(plain.Request(GetText("/ws")).status, 404);
}

}  // namespace
}  // namespace immich::http
