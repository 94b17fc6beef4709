#include "platform/http/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/error/error.hpp"
#include "platform/http/content_coding_testing.hpp"
#include "platform/http/http_test_server.hpp"

namespace immich::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

using ::testing::MatchesRegex;
using ::testing::Not;

using ::testing::StartsWith;

std::string BigJson() {
  return "[" + std::string(200'000, '1') + "]";
}

void AddRoutes(Router& router) {
  router.On(Method::kGet, "/api/me", [](Request&) -> Task<Response> {
    Response response = Response::Json(200, R"({"message":"Authentication required"})");
    response.headers.Add("x-frame-options", "SAMEORIGIN");
    co_return response;
  });
  router.On(Method::kPost, "/api/me", [](Request&) -> Task<Response> { co_return Response::Json(201, "{}"); });
  router.On(Method::kGet, "/api/big", [](Request&) -> Task<Response> { co_return Response::Json(200, BigJson()); });
  router.On(Method::kGet, "/api/huge",
            [](Request&) -> Task<Response> { co_return Response::Json(200, std::string(3'000'000, '7')); });
  router.On(Method::kGet, "/empty", [](Request&) -> Task<Response> { co_return Response::Empty(204); });
  router.On(Method::kPost, "/empty", [](Request&) -> Task<Response> { co_return Response::Empty(201); });
  router.On(Method::kGet, "/redirect",
            [](Request&) -> Task<Response> { co_return Response::Redirect(302, "original?"); });
  router.On(Method::kGet, "/evil", [](Request&) -> Task<Response> {
    Response response = Response::Empty(200);
    response.headers.Add("X-Evil", "a\r\nInjected: yes");
    co_return response;
  });
  router.On(Method::kGet, "/echo/{name}", [](Request& request) -> Task<Response> {
    co_return Response::Text(200, "text/plain",
                             request.path + "|" + request.path_params.at(0).second + "|" +
                                 std::string(request.query.Find("q").value_or("")) + "|" + request.client_ip + "|" +
                                 (request.secure ? "https" : "http") + "|" +
                                 std::string(request.FindCookie("c").value_or("")));
  });
  router.On(Method::kGet, "/fail/{kind}", [](Request& request) -> Task<Response> {
    const std::string kind = request.path_params.at(0).second;
    if (kind == "forbidden") throw Forbidden();
    if (kind == "validation") throw ValidationError(R"([{"code":"custom"}])");
    if (kind == "internal") throw InternalError("secret");
    throw std::runtime_error("secret");
    co_return Response::Empty(200);
  });
  router.On(Method::kGet, "/stream/{kind}", [](Request& request) -> Task<Response> {
    const std::string kind = request.path_params.at(0).second;
    Response response = Response::Stream(kind == "json" ? "application/jsonlines+json" : "application/octet-stream",
                                         [kind](BodyWriter& writer) -> Task<void> {
                                           if (kind == "early") throw NotFound("too early");
                                           for (int i = 0; i < 1000; ++i) {
                                             const std::string line = "line " + std::to_string(i) + "\n";
                                             co_await writer.Write(line);
                                             if (kind == "late" && i == 10) throw NotFound("too late");
                                           }
                                         });
    if (kind == "sized") response.headers.Add("Content-Length", "8890");
    co_return response;
  });
}

std::string StreamText() {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

class HttpServerTest : public ::testing::Test {
 protected:
  static ServerOptions Options() {
    ServerOptions options;
    options.trusted_proxies = {"uniquelocal"};
    options.extra_headers = {{"X-Frame-Options", "DENY"}};
    return options;
  }
  TestServer server_{AddRoutes, Options()};
};

TEST_F(HttpServerTest, JsonResponseHasTheHeadersOfTheOriginal) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(GetText("/api/me"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response["x-correlation-id"], MatchesRegex("[0-9a-z]{8}"));
  EXPECT_EQ(response["content-type"], "application/json; charset=utf-8");
  EXPECT_EQ(response["content-length"], "37");
  EXPECT_EQ(response["etag"], "\"25-SetIB6wLsPt3Ogr5oCd0XHpTaMw\"");
  EXPECT_EQ(response["vary"], "Accept-Encoding");
  EXPECT_THAT(response["date"], MatchesRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} GMT"));
  EXPECT_EQ(response["connection"], "keep-alive");
  EXPECT_EQ(response["keep-alive"], "timeout=5");
  EXPECT_EQ(response["x-frame-options"], "DENY") << "the operator's headers replace those of handlers";
  EXPECT_THAT(response.head, Not(HasSubstr("SAMEORIGIN")));
  EXPECT_EQ(response.body, R"({"message":"Authentication required"})");
}

TEST_F(HttpServerTest, CorrelationIdIsEchoedWhenUsable) {
  RawClient client(server_.port());
  EXPECT_EQ(client.Request(GetText("/api/me", "x-correlation-id: abc-1\r\n"))["x-correlation-id"], "abc-1");
  EXPECT_EQ(
      client.Request(GetText("/api/me", "x-correlation-id: " + std::string(500, 'a') + "\r\n"))["x-correlation-id"]
          .size(),
      8u);
}

TEST_F(HttpServerTest, ConditionalRequests) {
  RawClient client(server_.port());
  const std::string condition = "If-None-Match: \"25-SetIB6wLsPt3Ogr5oCd0XHpTaMw\"\r\n";
  const RawResponse fresh = client.Request(GetText("/api/me", condition));
  EXPECT_EQ(fresh.status, 304);
  EXPECT_EQ(fresh["etag"], "\"25-SetIB6wLsPt3Ogr5oCd0XHpTaMw\"");
  EXPECT_EQ(fresh.headers.count("content-type") + fresh.headers.count("content-length") + fresh.headers.count("vary"),
            0u);
  EXPECT_EQ(client.Request(GetText("/api/me", "If-None-Match: \"x\"\r\n")).status, 200);
  EXPECT_EQ(client.Request("POST /api/me HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n").status, 201);
}

TEST_F(HttpServerTest, HeadOptionsAndEmptyBodies) {
  RawClient client(server_.port());
  const RawResponse head = client.Request("HEAD /api/me HTTP/1.1\r\nHost: h\r\n\r\n", false);
  EXPECT_EQ(head["content-length"], "37");
  EXPECT_EQ(head["etag"], "\"25-SetIB6wLsPt3Ogr5oCd0XHpTaMw\"");
  const RawResponse options = client.Request("OPTIONS /api/me HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(options.status, 200);
  EXPECT_EQ(options["allow"], "GET, HEAD, POST");
  const RawResponse empty = client.Request(GetText("/empty"));
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.headers.count("content-length") + empty.headers.count("etag"), 0u);
  const RawResponse created = client.Request("POST /empty HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created["content-length"], "0");
  EXPECT_EQ(created.headers.count("etag"), 0u);
}

TEST_F(HttpServerTest, RedirectAsCaptured) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(GetText("/redirect"));
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response["location"], "original?");
  EXPECT_EQ(response["vary"], "Accept, Accept-Encoding");
  EXPECT_EQ(response["content-length"], "31");
  EXPECT_EQ(response.headers.count("etag"), 0u);
}

TEST_F(HttpServerTest, UnknownRoutesAndErrors) {
  RawClient client(server_.port());
  const RawResponse unknown = client.Request(GetText("/api/nope?x=1"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"message":"Cannot GET /api/nope"})");
  EXPECT_EQ(unknown["etag"], "\"22-v9ko+y3PWeiTytd4I6dvTnaimvU\"");
  const RawResponse forbidden = client.Request(GetText("/fail/forbidden"));
  EXPECT_EQ(forbidden.status, 403);
  EXPECT_EQ(forbidden.body, R"({"message":"Forbidden"})");
  EXPECT_EQ(client.Request(GetText("/fail/validation")).body,
            R"({"message":"Validation failed","errors":[{"code":"custom"}]})");
  for (const char* path : {"/fail/internal", "/fail/other"}) {
    const RawResponse failed = client.Request(GetText(path));
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(failed.body, R"({"message":"Internal server error"})");
  }
}

TEST_F(HttpServerTest, RequestsAreReadAsTheHandlerExpects) {
  RawClient client(server_.port());
  EXPECT_EQ(client.Request(GetText("/echo/a%2Fb%20%C3%A4?q=1+2", "Cookie: c=x%20y\r\n")).body,
            "/echo/a/b ä|a/b ä|1 2|127.0.0.1|http|x y");
  EXPECT_EQ(
      client.Request(GetText("/echo/x", "X-Forwarded-For: 203.0.113.5, 10.1.1.1\r\nX-Forwarded-Proto: https\r\n")).body,
      "/echo/x|x||203.0.113.5|https|");
  EXPECT_EQ(client.Request(GetText("http://example.com/echo/y?q=2")).body, "/echo/y|y|2|127.0.0.1|http|");
}

TEST_F(HttpServerTest, HeaderValuesCannotAddHeaders) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(GetText("/evil"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.count("injected"), 0u);
}

TEST_F(HttpServerTest, CompressesOnRequest) {
  RawClient client(server_.port());
  const RawResponse plain = client.Request(GetText("/api/big"));
  EXPECT_EQ(plain.body, BigJson());
  EXPECT_EQ(plain.headers.count("content-encoding"), 0u);
  for (const auto coding : {ContentCoding::kBrotli, ContentCoding::kGzip, ContentCoding::kDeflate}) {
    const RawResponse response =
        client.Request(GetText("/api/big", "Accept-Encoding: " + std::string(ToString(coding)) + "\r\n"));
    EXPECT_EQ(response["content-encoding"], ToString(coding));
    EXPECT_EQ(response["etag"], plain["etag"]);
    EXPECT_LT(response.body.size(), 20000u);
    EXPECT_EQ(Decompress(coding, response.body), BigJson());
  }
  EXPECT_EQ(client.Request(GetText("/api/me", "Accept-Encoding: br\r\n")).headers.count("content-encoding"), 0u);
  const RawResponse head = client.Request("HEAD /api/big HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n", false);
  EXPECT_EQ(head["content-length"], std::to_string(BigJson().size()));
  EXPECT_EQ(client.Request(GetText("/api/huge", "Accept-Encoding: br\r\n"))["etag"],
            client.Request(GetText("/api/huge"))["etag"]);
}

TEST_F(HttpServerTest, StreamsAreChunked) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(GetText("/stream/plain"));
  EXPECT_EQ(response["transfer-encoding"], "chunked");
  EXPECT_EQ(response["vary"], "Accept-Encoding");
  EXPECT_EQ(response.body, StreamText());
  const RawResponse compressed = client.Request(GetText("/stream/json", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(compressed["content-encoding"], "gzip");
  EXPECT_EQ(Decompress(ContentCoding::kGzip, compressed.body), StreamText());
  EXPECT_EQ(client.Request(GetText("/stream/plain", "Accept-Encoding: gzip\r\n")).body, StreamText());
  const RawResponse sized = client.Request(GetText("/stream/sized"));
  EXPECT_EQ(sized["content-length"], "8890");
  EXPECT_EQ(sized.body, StreamText());
  EXPECT_EQ(client.Request("HEAD /stream/plain HTTP/1.1\r\nHost: h\r\n\r\n", false).status, 200);
  EXPECT_EQ(client.Request(GetText("/api/me")).status, 200);
}

TEST_F(HttpServerTest, StreamFailures) {
  RawClient client(server_.port());
  const RawResponse early = client.Request(GetText("/stream/early"));
  EXPECT_EQ(early.status, 404);
  EXPECT_EQ(early.body, R"({"message":"too early"})");
  const RawResponse late = client.Request(GetText("/stream/late"));
  EXPECT_EQ(late.status, 200);
  EXPECT_THAT(late.body, EndsWith("line 10\n<cut off>"));
  EXPECT_TRUE(client.IsAtEnd());
}

TEST_F(HttpServerTest, Http10AndConnectionClose) {
  RawClient old(server_.port());
  const RawResponse response = old.Request("GET /stream/plain HTTP/1.0\r\n\r\n");
  EXPECT_EQ(response.headers.count("transfer-encoding"), 0u);
  EXPECT_EQ(response["connection"], "close");
  EXPECT_EQ(response.body, StreamText());
  RawClient closing(server_.port());
  EXPECT_EQ(closing.Request(GetText("/api/me", "Connection: close\r\n"))["connection"], "close");
  EXPECT_TRUE(closing.IsAtEnd());
  RawClient kept(server_.port());
  EXPECT_EQ(kept.Request("GET /api/me HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")["connection"], "keep-alive");
  EXPECT_EQ(kept.Request("GET /api/me HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
  RawClient client(server_.port());
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += GetText("/echo/" + std::to_string(i), i % 2 == 0 ? "Cookie: c=1\r\n" : "");
  std::thread sender([&] { EXPECT_TRUE(client.Send(requests)); });
  for (int i = 0; i < 500; ++i) {
    const RawResponse response = client.ReadResponse();
    ASSERT_THAT(response.body, StartsWith("/echo/" + std::to_string(i) + "|"));
  }
  sender.join();
}

TEST_F(HttpServerTest, HeadsMayArriveByteByByte) {
  RawClient client(server_.port());
  const std::string request = "\r\n" + GetText("/echo/slow") + GetText("/echo/next");
  for (const char c : request) ASSERT_TRUE(client.Send({&c, 1}));
  EXPECT_THAT(client.ReadResponse().body, StartsWith("/echo/slow"));
  EXPECT_THAT(client.ReadResponse().body, StartsWith("/echo/next"));
}

TEST_F(HttpServerTest, MalformedRequestsAreRefusedAndClosed) {
  using namespace std::string_view_literals;
  for (
      const std::string_view request :
      {"GET / HTTP/1.1\nHost: h\n\n"sv, "garbage\r\n\r\n"sv, "GET / HTTP/1.1\r\n\r\n"sv,
       "POST /api/me HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/me"sv,
       "POST /api/me HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"sv,
       "POST /api/me HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n0\r\n\r\n"sv,
       "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n"sv, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv}) {
    RawClient client(server_.port());
    const RawResponse response = client.Request(request);
    EXPECT_EQ(response.status, 400) << request;
    EXPECT_EQ(response["connection"], "close");
    EXPECT_EQ(response.body, R"({"message":"Bad Request"})");
    EXPECT_TRUE(client.IsAtEnd());
  }
}

TEST_F(HttpServerTest, HugeHeadsAreRefused) {
  RawClient fits(server_.port());
  EXPECT_EQ(fits.Request(GetText("/api/me", "A: " + std::string(15'000, 'a') + "\r\n")).status, 200);
  RawClient complete(server_.port());
  EXPECT_EQ(complete.Request(GetText("/api/me", "A: " + std::string(17'000, 'a') + "\r\n")).status, 431);
  RawClient endless(server_.port());
  endless.Send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 2000 && endless.Send("Name: value\r\n"); ++i) {
  }
  EXPECT_EQ(endless.ReadResponse().status, 431);
}

}  // namespace
}  // namespace immich::http
