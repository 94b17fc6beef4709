#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "platform/http/http_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::http {
namespace {

using ::testing::IsEmpty;

std::string Pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 + (i >> 9));
  return text;
}

class HttpFileTest : public ::testing::Test {
 protected:
  HttpFileTest()
      : server_([this](Router& router) {
          router.On(Method::kGet, "/f/{name}", [this](Request& request) -> Task<Response> {
            Response response = Response::File(directory_ / request.path_params.at(0).second, "image/jpeg");
            std::get<FileBody>(response.body).not_found_message = "Asset media not found";
            response.headers.Add("Cache-Control", "private, max-age=86400, no-transform");
            co_return response;
          });
        }) {
    Write("small", Pattern(1000));
    Write("big", Pattern(5'000'000));
    Write("empty", "");
  }

  void Write(const std::string& name, const std::string& data) {
    std::ofstream(directory_ / name, std::ios::binary) << data;
    // 2024-01-01T00:00:00Z
    const timespec times[2] = {{1704067200, 0}, {1704067200, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (directory_ / name).c_str(), times, 0), 0);
  }
  RawResponse Get(const std::string& name, const std::string& headers = "") {
    RawClient client(server_.port());
    return client.Request(GetText("/f/" + name, headers));
  }

  testing::TemporaryDirectory directory_;
  TestServer server_;
};

TEST_F(HttpFileTest, WholeFileHasTheHeadersOfTheOriginal) {
  const RawResponse response = Get("small");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response["accept-ranges"], "bytes");
  EXPECT_EQ(response["last-modified"], "Mon, 01 Jan 2024 00:00:00 GMT");
  EXPECT_EQ(response["etag"], "W/\"3e8-18cc251f400\"");
  EXPECT_EQ(response["content-length"], "1000");
  EXPECT_EQ(response["content-type"], "image/jpeg");
  EXPECT_EQ(response["cache-control"], "private, max-age=86400, no-transform");
  EXPECT_EQ(response.headers.count("vary"), 0u);
  EXPECT_EQ(response.body, Pattern(1000));
  EXPECT_EQ(Get("big").body, Pattern(5'000'000));
  EXPECT_EQ(Get("empty")["content-length"], "0");
}

TEST_F(HttpFileTest, Ranges) {
  for (const auto& [name, size] : {std::pair<std::string, std::size_t>("small", 1000), {"big", 5'000'000}}) {
    const std::string whole = Pattern(size);
    const std::string total = std::to_string(size);
    const auto expect = [&](const std::string& range, std::size_t first, std::size_t length) {
      const RawResponse response = Get(name, "Range: bytes=" + range + "\r\n");
      EXPECT_EQ(response.status, 206) << range;
      EXPECT_EQ(response["content-range"],
                "bytes " + std::to_string(first) + "-" + std::to_string(first + length - 1) + "/" + total);
      EXPECT_EQ(response["content-length"], std::to_string(length));
      EXPECT_EQ(response.body, whole.substr(first, length)) << range;
    };
    expect("0-99", 0, 100);
    expect("0-0", 0, 1);
    expect("100-", 100, size - 100);
    expect("-7", size - 7, 7);
    expect("0-" + total, 0, size);
    expect("1-10,5-20", 1, 20);
    EXPECT_EQ(Get(name, "Range: bytes=0-1,10-11\r\n").status, 200);
    EXPECT_EQ(Get(name, "Range: lines=0-1\r\n").body, whole);
  }
}

TEST_F(HttpFileTest, UnsatisfiableRanges) {
  const RawResponse response = Get("small", "Range: bytes=1000-\r\n");
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response["content-range"], "bytes */1000");
  EXPECT_EQ(response.headers.count("cache-control"), 0u);
  EXPECT_EQ(Get("empty", "Range: bytes=0-0\r\n")["content-range"], "bytes */0");
}

TEST_F(HttpFileTest, Conditions) {
  EXPECT_EQ(Get("small", "If-None-Match: W/\"3e8-18cc251f400\"\r\n").status, 304);
  const RawResponse fresh = Get("small", "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n");
  EXPECT_EQ(fresh.status, 304);
  EXPECT_EQ(fresh["cache-control"], "private, max-age=86400, no-transform");
  EXPECT_EQ(fresh.headers.count("content-type") + fresh.headers.count("content-length"), 0u);
  EXPECT_EQ(Get("small", "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(Get("small", "If-Match: \"x\"\r\n").status, 412);
  EXPECT_EQ(Get("small", "If-Unmodified-Since: Sun, 31 Dec 2023 00:00:00 GMT\r\n").status, 412);
  EXPECT_EQ(Get("small", "Range: bytes=0-1\r\nIf-Range: W/\"3e8-18cc251f400\"\r\n").status, 206);
  EXPECT_EQ(Get("small", "Range: bytes=0-1\r\nIf-Range: W/\"other\"\r\n").status, 200);
  EXPECT_EQ(Get("small", "Range: bytes=0-1\r\nIf-Range: Sun, 31 Dec 2023 00:00:00 GMT\r\n").status, 200);
}

TEST_F(HttpFileTest, HeadAnswersWithoutBody) {
  RawClient client(server_.port());
  for (const char* name : {"small", "big"}) {
    const RawResponse head =
        client.Request("HEAD /f/" + std::string(name) + " HTTP/1.1\r\nHost: h\r\nRange: bytes=0-99\r\n\r\n", false);
    EXPECT_EQ(head.status, 206);
    EXPECT_EQ(head["content-length"], "100");
  }
  EXPECT_EQ(client.Request(GetText("/f/small")).body, Pattern(1000));
}

TEST_F(HttpFileTest, MissingFilesAndFolders) {
  for (const char* name : {"missing", ".", "small%00"}) {
    const RawResponse response = Get(name);
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, R"({"message":"Asset media not found"})");
    EXPECT_EQ(response.headers.count("cache-control"), 0u);
  }
}

TEST_F(HttpFileTest, AFileThatShrinksBreaksTheResponseOff) {
  RawClient client(server_.port(), 4096);
  client.Send(GetText("/f/big"));
  ASSERT_NE(client.ReadHead(), "");
  ASSERT_EQ(::truncate((directory_ / "big").c_str(), 100), 0);
  EXPECT_LT(client.ReadToEnd().size(), 5'000'000u);
}

TEST_F(HttpFileTest, ClientsThatLeaveInTheMiddleHarmNobody) {
  for (int i = 0; i < 20; ++i) {
    RawClient leaving(server_.port(), 4096);
    leaving.Send(GetText("/f/big"));
    ASSERT_EQ(leaving.ReadBytes(1000).size(), 1000u);
    leaving.Reset();
  }
  EXPECT_TRUE(server_.Await([&] { return server_.server().connections() == 0; }));
  EXPECT_EQ(Get("small").status, 200);
}

TEST_F(HttpFileTest, FilesThatAreNotInThePageCacheArriveToo) {
  for (const auto& [name, size] : {std::pair<std::string, std::size_t>("small", 1000), {"big", 5'000'000}}) {
    const int file = ::open((directory_ / name).c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(::fsync(file), 0);
    ASSERT_EQ(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED), 0);
    ::close(file);
    EXPECT_EQ(Get(name).body, Pattern(size));
  }
}

TEST_F(HttpFileTest, ManyFilesOnOneConnection) {
  RawClient client(server_.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += GetText("/f/small") + GetText("/f/big", "Range: bytes=0-99999\r\n");
  std::thread sender([&] { client.Send(requests); });
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.ReadResponse().body, Pattern(1000));
    ASSERT_EQ(client.ReadResponse().body, Pattern(5'000'000).substr(0, 100'000));
  }
  sender.join();
}

}  // namespace
}  // namespace immich::http
