#include "platform/mail/smtp_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "platform/async/event_loop.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::mail {
namespace {

/// Takes one mail on a port of its own, in a thread of its own, the way a relay without TLS does.
class OneMailServer {
 public:
  explicit OneMailServer(std::string answer_to_recipient = "250 ok")
      : answer_to_recipient_(std::move(answer_to_recipient)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(listener_, 1);
    socklen_t length = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneMailServer() {
    shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    close(listener_);
  }

  /// What the client sent, once it is gone.
  const std::string& Transcript() {
    thread_.join();
    return transcript_;
  }
  std::uint16_t port() const { return port_; }

 private:
  void Serve() {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    Say(client, "220 test");
    std::string line;
    bool in_data = false;
    for (char c = 0; read(client, &c, 1) == 1;) {
      line += c;
      if (c != '\n') continue;
      transcript_ += line;
      if (in_data) {
        if (line == ".\r\n") {
          in_data = false;
          Say(client, "250 taken");
        }
      } else if (line.starts_with("DATA")) {
        in_data = true;
        Say(client, "354 go on");
      } else if (line.starts_with("RCPT")) {
        Say(client, answer_to_recipient_);
      } else if (line.starts_with("QUIT")) {
        Say(client, "221 bye");
        break;
      } else {
        Say(client, "250 ok");
      }
      line.clear();
    }
    close(client);
  }
  static void Say(int client, const std::string& text) {
    const std::string line = text + "\r\n";
    [[maybe_unused]] const auto written = write(client, line.data(), line.size());
  }

  std::string answer_to_recipient_;
  int listener_;
  std::uint16_t port_ = 0;
  std::string transcript_;
  std::thread thread_;
};

Message Sample() {
  Message message;
  message.from = "Bilder für alle <photos@example.com>";
  message.to = "somebody@example.org";
  message.subject = "Grüße aus dem Album „Sommer“ — mit einer Überschrift, die länger als eine Zeile ist";
  message.text = "plain words";
  message.html = "<p>words</p>";
  return message;
}

SmtpServer ServerAt(std::uint16_t port) {
  SmtpServer server;
  server.host = "127.0.0.1";
  server.port = port;
  server.timeout = std::chrono::seconds(10);
  return server;
}

void Send(std::uint16_t port) {
  RunToCompletion([port]() -> Task<void> { co_await SendMail(ServerAt(port), Sample()); });
}

TEST(SmtpClientTest, HandsAMailOver) {
  OneMailServer server;
  std::string id;
  RunToCompletion([&]() -> Task<void> { id = co_await SendMail(ServerAt(server.port()), Sample()); });
  EXPECT_TRUE(id.starts_with("<") && id.ends_with("@example.com>")) << id;
  const std::string& sent = server.Transcript();
  EXPECT_NE(sent.find("MAIL FROM:<photos@example.com>"), std::string::npos) << sent;
  EXPECT_NE(sent.find("RCPT TO:<somebody@example.org>"), std::string::npos);
  EXPECT_NE(sent.find("Message-ID: " + id), std::string::npos);
  EXPECT_NE(sent.find(crypto::ToBase64(crypto::AsBytes(std::string_view("plain words")))), std::string::npos);
  EXPECT_NE(sent.find(crypto::ToBase64(crypto::AsBytes(std::string_view("<p>words</p>")))), std::string::npos);
}

TEST(SmtpClientTest, TellsWhyAServerRefuses) {
  OneMailServer server("550 nobody of that name");
  try {
    Send(server.port());
    FAIL() << "the mail was taken";
  } catch (const Unavailable& error) {
    EXPECT_NE(std::string(error.what()).find("550"), std::string::npos) << error.what();
  }
}

TEST(SmtpClientTest, TellsWhenThereIsNoServer) {
  EXPECT_THROW(Send(1), Unavailable);
}

TEST(MailMessageTest, EncodesHeadersAndKeepsThemShort) {
  const std::string text = FormatMessage(Sample(), "<id@x>", *ParseIso("2024-01-02T03:04:05Z"));
  EXPECT_NE(text.find("Date: Tue, 02 Jan 2024 03:04:05 +0000\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("From: =?utf-8?B?"), std::string::npos);
  EXPECT_NE(text.find(" <photos@example.com>\r\n"), std::string::npos);
  EXPECT_EQ(text.find("Grü"), std::string::npos);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 100u) << text.substr(begin, end - begin);
    begin = end + 2;
  }
}

TEST(MailMessageTest, LetsNobodyAddHeaders) {
  Message message = Sample();
  message.subject = "a\r\nBcc: everyone@example.com";
  message.to = "x@example.com>\r\nRCPT TO:<y@example.com";
  const std::string text = FormatMessage(message, "<id@x>", Now());
  EXPECT_EQ(text.find("\r\nBcc:"), std::string::npos);
  EXPECT_EQ(AddressOf(message.to).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace immich::mail
