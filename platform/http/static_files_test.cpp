#include "platform/http/static_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/http/http_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::http {
namespace {

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    Write("www/index.html", "<html>app</html>");
    Write("www/robots.txt", "User-agent: *");
    Write("www/_app/immutable/entry/start.js", "plain script");
    Write("www/_app/immutable/entry/start.js.br", "brotli");
    Write("www/_app/immutable/entry/start.js.gz", "gzip");
    Write("www/.well-known/x.json", "{}");
    Write("secret.txt", "secret");
    files_ = std::make_unique<StaticFiles>(directory_ / "www/");
    server_ = std::make_unique<TestServer>([this](Router& router) {
      router.Fallback([this](Request& request) -> Task<Response> {
        if (auto response = files_->Find(request)) co_return std::move(*response);
        co_return files_->Index(request);
      });
    });
  }
  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  RawResponse Get(const std::string& path, const std::string& headers = "") {
    RawClient client(server_->port());
    return client.Request(GetText(path, headers));
  }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<StaticFiles> files_;
  std::unique_ptr<TestServer> server_;
};

TEST_F(StaticFilesTest, PicksTheCompressedForm) {
  const std::string path = "/_app/immutable/entry/start.js";
  const RawResponse brotli = Get(path, "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(brotli.body, "brotli");
  EXPECT_EQ(brotli["content-encoding"], "br");
  EXPECT_EQ(brotli["content-type"], "text/javascript");
  EXPECT_EQ(brotli["cache-control"], "public,max-age=31536000,immutable");
  EXPECT_EQ(brotli["vary"], "Accept-Encoding");
  EXPECT_EQ(brotli["etag"].substr(0, 5), "W/\"6-");
  const RawResponse gzip = Get(path, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(gzip.body, "gzip");
  EXPECT_EQ(gzip["content-encoding"], "gzip");
  const RawResponse plain = Get(path);
  EXPECT_EQ(plain.body, "plain script");
  EXPECT_EQ(plain.headers.count("content-encoding"), 0u);
  EXPECT_EQ(Get(path, "If-None-Match: " + plain["etag"] + "\r\n").status, 304);
  EXPECT_EQ(Get(path, "Range: bytes=0-4\r\n").body, "plain");
}

TEST_F(StaticFilesTest, OtherFilesAreNotImmutable) {
  const RawResponse robots = Get("/robots.txt");
  EXPECT_EQ(robots["content-type"], "text/plain");
  EXPECT_EQ(robots.headers.count("cache-control"), 0u);
  EXPECT_EQ(Get("/.well-known/x.json").body, "{}");
}

TEST_F(StaticFilesTest, EverythingElseIsTheIndex) {
  for (const char* path : {"/", "/photos", "/index.html", "/_app/immutable/entry/start.js.br", "/_app",
                           "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//robots.txt"}) {
    const RawResponse response = Get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, "<html>app</html>") << path;
    EXPECT_EQ(response["cache-control"], "no-store");
    EXPECT_EQ(response["content-type"], "text/html; charset=utf-8");
  }
}

TEST_F(StaticFilesTest, AcceptAndMethods) {
  EXPECT_EQ(Get("/photos", "Accept: text/html,application/xhtml+xml;q=0.9\r\n").status, 200);
  EXPECT_EQ(Get("/photos", "Accept: */*\r\n").status, 200);
  EXPECT_EQ(Get("/photos", "Accept: text/*;q=0.5\r\n").status, 200);
  EXPECT_EQ(Get("/photos", "Accept: application/json\r\n").status, 406);
  EXPECT_EQ(Get("/photos", "Accept: text/html;q=0\r\n").status, 406);
  RawClient client(server_->port());
  const RawResponse post = client.Request("POST /photos HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(post.status, 404);
  EXPECT_EQ(post.body, R"({"message":"Cannot POST /photos"})");
  EXPECT_EQ(client.Request("HEAD /photos HTTP/1.1\r\nHost: h\r\n\r\n", false)["content-length"], "16");
}

TEST_F(StaticFilesTest, AMissingFolderServesNothing) {
  const StaticFiles none(directory_ / "nowhere");
  Request request;
  request.path = "/robots.txt";
  EXPECT_FALSE(none.Find(request));
  EXPECT_EQ(none.Index(request).status, 404);
}

}  // namespace
}  // namespace immich::http
