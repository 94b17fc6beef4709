#include "platform/http/http_head.hpp"

#include <gtest/gtest.h>

#include "platform/http/chunked_decoder.hpp"

namespace immich::http {
namespace {

int StatusOf(std::string_view head) {
  const auto result = ParseRequestHead(head);
  return result ? 200 : result.error().status;
}

std::string Head(std::string_view lines) {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n";
}

TEST(HttpHeadTest, ParsesAnOrdinaryHead) {
  const auto head = ParseRequestHead(
      "GET /api/x?y=1 HTTP/1.1\r\nHost: a:2283\r\nX-Empty:\r\nUser-Agent: \t x  y \t\r\nName: \xC3\xA4\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, Method::kGet);
  EXPECT_EQ(head->target, "/api/x?y=1");
  EXPECT_EQ(head->headers.Get("user-agent"), "x  y");
  EXPECT_EQ(head->headers.Find("x-empty"), "");
  EXPECT_EQ(head->headers.Get("name"), "ä");
  EXPECT_TRUE(head->keep_alive);
  EXPECT_FALSE(head->chunked);
  EXPECT_EQ(head->content_length, std::nullopt);
}

TEST(HttpHeadTest, KeepAliveFollowsVersionAndHeader) {
  EXPECT_FALSE(ParseRequestHead("GET / HTTP/1.0\r\n\r\n")->keep_alive);
  EXPECT_TRUE(ParseRequestHead("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->keep_alive);
  EXPECT_FALSE(ParseRequestHead("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n")->keep_alive);
}

TEST(HttpHeadTest, RefusesWhatParsersReadDifferently) {
  EXPECT_EQ(StatusOf(Head("Content-Length: 3\r\n")), 200);
  EXPECT_EQ(StatusOf(Head("Transfer-Encoding: chunked\r\n")), 200);
  for (const std::string_view lines : {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                                       "Content-Length: 3\r\nContent-Length: 3\r\n",
                                       "Content-Length: 3, 3\r\n",
                                       "Content-Length: +3\r\n",
                                       "Content-Length: -1\r\n",
                                       "Content-Length: 0x3\r\n",
                                       "Content-Length:\r\n",
                                       "Content-Length: 3 3\r\n",
                                       "Content-Length: 99999999999999999999\r\n",
                                       "Content-Length: 18446744073709551615\r\n",
                                       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                       "Transfer-Encoding: gzip, chunked\r\n",
                                       "Transfer-Encoding: identity\r\n",
                                       "Transfer-Encoding: xchunked\r\n",
                                       "Transfer-Encoding : chunked\r\n",
                                       "A: b\r\n folded\r\n",
                                       " A: b\r\n",
                                       "A\r\n",
                                       ": b\r\n",
                                       "A b: c\r\n",
                                       "A: b\x01\r\n",
                                       "A: b\rc\r\n",
                                       "Host: two\r\n"}) {
    EXPECT_EQ(StatusOf(Head(lines)), 400) << lines;
  }
  EXPECT_EQ(StatusOf(Head(std::string_view("A: b\0c\r\n", 8))), 400);
}

TEST(HttpHeadTest, RefusesBadRequestLines) {
  for (const std::string_view line :
       {"GET / HTTP/1.1 ", "GET  HTTP/1.1", "GET /", "/ HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1x",
        "G\tT / HTTP/1.1", "GET /a b HTTP/1.1", "GET / http/1.1", "GET /\x7F HTTP/1.1", ""}) {
    const int status = StatusOf(std::string(line) + "\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(status == 400 || status == 505) << line << " " << status;
  }
  EXPECT_EQ(StatusOf("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(StatusOf("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(Head("Expect: 100-Continue\r\n")), 200);
  EXPECT_EQ(StatusOf(Head("Expect: more\r\n")), 417);
  EXPECT_EQ(ParseRequestHead("PURGE / HTTP/1.1\r\nHost: h\r\n\r\n")->method, Method::kOther);
}

TEST(HttpHeadTest, ScannerFindsTheEndInEverySlicing) {
  const std::string text = "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\nNEXT";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    HeadScanner scanner;
    auto state = HeadScanner::State::kIncomplete;
    for (std::size_t end = step; state == HeadScanner::State::kIncomplete && end < text.size() + step; end += step) {
      state = scanner.Scan(std::string_view(text).substr(0, std::min(end, text.size())));
    }
    EXPECT_EQ(state, HeadScanner::State::kComplete);
    EXPECT_EQ(scanner.head_bytes(), text.size() - 4);
    EXPECT_EQ(scanner.skipped_bytes(), 2u);
  }
}

TEST(HttpHeadTest, ScannerRefusesBareLineFeeds) {
  for (const std::string_view text :
       {"GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: h\n", "\n", "\r\n\r\n\r\n\r\n\r\n\r\n"}) {
    HeadScanner scanner;
    EXPECT_EQ(scanner.Scan(text), HeadScanner::State::kMalformed) << text;
  }
}

/// Decoded body, or `bad` / `open`.
std::string Decode(std::string_view text, std::size_t step, std::string* rest = nullptr) {
  ChunkedDecoder decoder;
  std::string body;
  for (std::size_t i = 0; i < text.size(); i += step) {
    std::string_view slice = text.substr(i, step);
    while (!slice.empty() && !decoder.is_done()) {
      const auto result = decoder.Next(slice);
      body.append(result.data);
      slice.remove_prefix(result.consumed);
      if (decoder.is_malformed()) return "bad";
    }
    if (decoder.is_done()) {
      if (rest != nullptr) *rest = std::string(slice) + std::string(text.substr(std::min(i + step, text.size())));
      return body;
    }
  }
  return "open";
}

TEST(ChunkedDecoderTest, DecodesEverySlicing) {
  const std::string text = "4;name=value\r\nWiki\r\n00005\r\npedia\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET /";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    std::string rest;
    EXPECT_EQ(Decode(text, step, &rest), "Wikipedia0123456789");
    EXPECT_EQ(rest, "GET /");
  }
}

TEST(ChunkedDecoderTest, RefusesMalformedBodies) {
  for (const std::string_view text :
       {"\r\n", "x\r\n", "4\nWiki", "4\r\nWikiX", "4\r\nWiki\nX", "-4\r\n", "+4\r\n", "0x4\r\n", "4\rX", " 4\r\n",
        "1111111111111111\r\n", "0\r\nA: b\n", "0\r\n\rX", "4;a\nb\r\n"}) {
    EXPECT_EQ(Decode(text, 1), "bad") << text;
  }
  EXPECT_EQ(Decode("4\r\nWik", 3), "open");
  EXPECT_EQ(Decode("1;" + std::string(20000, 'x') + "\r\na\r\n0\r\n\r\n", 100), "bad");
  EXPECT_EQ(Decode("0\r\n" + std::string(20000, 'x') + "\r\n\r\n", 100), "bad");
}

}  // namespace
}  // namespace immich::http
