#include "server/web_app/web_pages.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::web_app {
namespace {

class WebPagesTest : public ::testing::Test {
 protected:
  WebPagesTest() {
    Write("index.html", "<html>app</html>");
    Write("service-worker.js", "worker");
    Write("_app/immutable/entry/boot.js", "script");
  }

  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  static http::Request Get(std::string path) {
    http::Request request;
    request.method = http::Method::kGet;
    request.path = std::move(path);
    return request;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(WebPagesTest, EveryAppAddressIsThePageWithItsPolicy) {
  WebPages pages(folder_ / "");
  for (const char* path : {"/", "/photos", "/albums/1/2", "/share/key"}) {
    const http::Response page = pages.Serve(Get(path));
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.headers.Get("Content-Security-Policy"), kContentSecurityPolicy) << path;
    EXPECT_EQ(page.headers.Get("Cache-Control"), "no-store") << path;
  }
}

TEST_F(WebPagesTest, FilesHaveNoPolicyAndTheWorkerIsAskedForAgain) {
  WebPages pages(folder_ / "");
  EXPECT_EQ(pages.Serve(Get("/service-worker.js")).headers.Get("Cache-Control"), "no-cache");
  const http::Response script = pages.Serve(Get("/_app/immutable/entry/boot.js"));
  EXPECT_FALSE(script.headers.Find("Content-Security-Policy"));
  EXPECT_EQ(script.headers.Get("Cache-Control"), "public,max-age=31536000,immutable");
}

TEST_F(WebPagesTest, AReplacedBuildIsServedWithoutARestart) {
  WebPages pages(folder_ / "");
  pages.Serve(Get("/photos"));
  std::filesystem::remove(folder_ / "_app/immutable/entry/boot.js");
  Write("_app/immutable/entry/boot.2.js", "script");
  Write("next.html", "<html>next app</html>");
  std::filesystem::rename(folder_ / "next.html", folder_ / "index.html");
  EXPECT_EQ(std::get<std::string>(pages.Serve(Get("/photos")).body), "<html>next app</html>");
  EXPECT_EQ(pages.Serve(Get("/_app/immutable/entry/boot.2.js")).status, 200);
  EXPECT_THROW(pages.Serve(Get("/_app/immutable/entry/boot.js")), NotFound);
}

TEST_F(WebPagesTest, AnUnknownFileOfTheBuildIsNotThePage) {
  WebPages pages(folder_ / "");
  EXPECT_THROW(pages.Serve(Get("/_app/immutable/chunks/gone.js")), NotFound);
  EXPECT_EQ(pages.Serve(Get("/gone.js")).status, 200);
}

TEST_F(WebPagesTest, UnknownApiRoutesAreNotThePage) {
  WebPages pages(folder_ / "");
  EXPECT_THROW(pages.Serve(Get("/api/nope")), NotFound);
  EXPECT_THROW(pages.Serve(Get("/api")), NotFound);
}

TEST_F(WebPagesTest, WithoutABuildThereIsNoPage) {
  WebPages pages(folder_ / "nowhere");
  EXPECT_EQ(pages.Serve(Get("/photos")).status, 404);
}

}  // namespace
}  // namespace immich::web_app
