#include "ml/model_cache/model_cache.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "ml/models/model_error.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/http/http_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::ml {
namespace {

namespace stdfs = std::filesystem;

std::string ReadFile(const stdfs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A hub with one model that fails in the ways a test asks for.
class FakeHub {
 public:
  static constexpr std::size_t kGraphBytes = 300'000;

  FakeHub() : server_([this](http::Router& router) { AddRoutes(router); }) {
    for (std::size_t i = 0; i < kGraphBytes; ++i) graph_ += static_cast<char>(i * 31 >> 3);
  }

  HubSettings Settings() const {
    HubSettings settings;
    settings.endpoint = fmt::format("http://127.0.0.1:{}", server_.port());
    settings.token = "secret";
    return settings;
  }
  const std::string& graph() const { return graph_; }

  std::atomic<int> listings = 0, graphs = 0;
  /// Bytes of the graph that are sent before the connection breaks, for the first requests; then everything.
  std::atomic<int> broken_transfers = 0;
  std::atomic<int> wrong_transfers = 0;
  std::atomic<int> failing_answers = 0;
  std::atomic<bool> ignores_ranges = false;
  std::atomic<std::size_t> last_range_start = 0;

 private:
  void AddRoutes(http::Router& router) {
    router.On(http::Method::kGet, "/api/models/immich-app/tiny/tree/main",
              [this](http::Request& request) -> Task<http::Response> {
                ++listings;
                if (request.headers.Get("authorization") != "Bearer secret") co_return http::Response::Empty(401);
                co_return http::Response::Json(200, Listing());
              });
    router.On(http::Method::kGet, "/immich-app/tiny/resolve/main/config.json",
              [](http::Request&) -> Task<http::Response> { co_return http::Response::Text(200, "text/plain", "{}"); });
    router.On(http::Method::kGet, "/immich-app/tiny/resolve/main/visual/model.onnx",
              [](http::Request&) -> Task<http::Response> { co_return http::Response::Redirect(302, "/cdn/graph"); });
    router.On(http::Method::kGet, "/cdn/graph", [this](http::Request& request) { return SendGraph(request); });
  }
  std::string Listing() const {
    return fmt::format(
        R"([{{"type":"file","path":"config.json","oid":"9e26dfeeb6e641a33dae4961196235bdb965b21b","size":2}},
            {{"type":"file","path":"visual/model.onnx","oid":"x","size":100,"lfs":{{"oid":"{}","size":{}}}}}])",
        crypto::ToHex(crypto::HashSha256(graph_)), graph_.size());
  }
  Task<http::Response> SendGraph(http::Request& request) {
    ++graphs;
    if (failing_answers > 0) {
      --failing_answers;
      co_return http::Response::Empty(503);
    }
    std::string body = graph_;
    int status = 200;
    const std::string range(request.headers.Get("range"));
    last_range_start = range.starts_with("bytes=") ? std::stoul(range.substr(6)) : 0;
    if (last_range_start > 0 && !ignores_ranges) {
      body = body.substr(last_range_start);
      status = 206;
    }
    if (wrong_transfers > 0) {
      --wrong_transfers;
      body[0] ^= 1;
    }
    if (broken_transfers > 0) {
      --broken_transfers;
      body.resize(body.size() / 2);
      auto response = http::Response::Stream("application/octet-stream", [body](http::BodyWriter& out) -> Task<void> {
        co_await out.Write(body);
        throw InternalError("the hub breaks off");
      });
      response.status = status;
      co_return response;
    }
    co_return http::Response::Text(status, "application/octet-stream", std::move(body));
  }

  std::string graph_;
  http::TestServer server_;
};

class ModelCacheTest : public ::testing::Test {
 protected:
  ModelCacheTest() : cache_(folder_.path(), hub_.Settings()), tiny_(cache_.Locate("clip", "visual", "tiny")) {}

  FakeHub hub_;
  immich::testing::TemporaryDirectory folder_;
  ModelCache cache_;
  ModelLocation tiny_;
};

TEST_F(ModelCacheTest, DownloadsIntoTheLayoutOfTheOriginal) {
  cache_.Ensure(tiny_);
  EXPECT_EQ(ReadFile(folder_ / "clip/tiny/visual/model.onnx"), hub_.graph());
  EXPECT_EQ(ReadFile(folder_ / "clip/tiny/config.json"), "{}");
  EXPECT_FALSE(stdfs::exists(folder_ / "clip/tiny/.download"));
  cache_.Ensure(tiny_);
  EXPECT_EQ(hub_.graphs, 1);
}

TEST_F(ModelCacheTest, ContinuesABrokenTransferWhereItStopped) {
  hub_.broken_transfers = 2;
  cache_.Ensure(tiny_);
  EXPECT_EQ(hub_.graphs, 3);
  EXPECT_EQ(hub_.last_range_start, FakeHub::kGraphBytes * 3 / 4);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
}

TEST_F(ModelCacheTest, ContinuesWhatAnEarlierProcessLeft) {
  stdfs::create_directories(tiny_.root / ".download");
  std::ofstream(tiny_.root / ".download/visual~model.onnx.part", std::ios::binary) << hub_.graph().substr(0, 1000);
  cache_.Ensure(tiny_);
  EXPECT_EQ(hub_.last_range_start, 1000u);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
}

TEST_F(ModelCacheTest, AServerWithoutRangesSendsItAll) {
  hub_.broken_transfers = 1;
  hub_.ignores_ranges = true;
  cache_.Ensure(tiny_);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
}

TEST_F(ModelCacheTest, AWrongFileIsFetchedOnceMoreAndNeverUsed) {
  hub_.wrong_transfers = 1;
  cache_.Ensure(tiny_);
  EXPECT_EQ(hub_.graphs, 2);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
  stdfs::remove_all(tiny_.root);
  hub_.wrong_transfers = 100;
  EXPECT_THROW(cache_.Ensure(tiny_), ModelResourceError);
  EXPECT_FALSE(ModelCache::IsComplete(tiny_));
}

TEST_F(ModelCacheTest, RetriesWhatMayPass) {
  hub_.failing_answers = 1;
  cache_.Ensure(tiny_);
  EXPECT_EQ(hub_.graphs, 2);
}

TEST_F(ModelCacheTest, UnknownModelsFailAtOnce) {
  EXPECT_THROW(cache_.Ensure(cache_.Locate("clip", "visual", "unknown")), ModelResourceError);
  EXPECT_THROW(cache_.Ensure(cache_.Locate("clip", "textual", "tiny")), ModelResourceError);
}

TEST_F(ModelCacheTest, RenewReplacesABrokenFileAndKeepsItUntilThen) {
  stdfs::create_directories(tiny_.type_folder());
  std::ofstream(tiny_.onnx_file()) << "broken";
  EXPECT_TRUE(ModelCache::IsComplete(tiny_));
  cache_.Ensure(tiny_);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), "broken");
  hub_.wrong_transfers = 2;
  EXPECT_THROW(cache_.Renew(tiny_), ModelResourceError);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), "broken");
  cache_.Renew(tiny_);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
}

TEST_F(ModelCacheTest, ProcessesThatShareTheFolderDownloadOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { ModelCache(folder_.path(), hub_.Settings()).Ensure(tiny_); });
  }
  threads.clear();
  EXPECT_EQ(hub_.graphs, 1);
  EXPECT_EQ(ReadFile(tiny_.onnx_file()), hub_.graph());
}

TEST_F(ModelCacheTest, OfflineUsesOnlyWhatIsThere) {
  HubSettings settings = hub_.Settings();
  settings.offline = true;
  EXPECT_THROW(ModelCache(folder_.path(), settings).Ensure(tiny_), ModelResourceError);
  EXPECT_EQ(hub_.listings, 0);
}

TEST_F(ModelCacheTest, NobodyListening) {
  HubSettings settings;
  settings.endpoint = "http://127.0.0.1:1";
  EXPECT_THROW(ModelCache(folder_.path(), settings).Ensure(tiny_), ModelResourceError);
}

}  // namespace
}  // namespace immich::ml
