#include "server/web_app/share_page.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/crypto/text_encoding.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/web_app/web_pages.hpp"

namespace immich::web_app {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::WithAccounts;

/// What a test says about the link it makes; texts as PostgreSQL reads them.
struct LinkRow {
  std::string columns = {};
  std::string values = {};
};

struct ShareRig {
  explicit ShareRig(AccountRig& accounts) : rig(accounts), pages(folder / ""), shares(rig.db, rig.config, pages) {
    std::ofstream(folder / "index.html") << "<head><!-- metadata:tags --></head>";
  }

  Task<void> SetUp() {
    const AuthContext auth = co_await rig.SignIn("owner@example.com");
    owner = auth.user.id;
    older = co_await InsertAsset(rig.db, {.owner = owner});
    newer = co_await InsertAsset(rig.db, {.owner = owner, .taken = "2024-01-02T00:00:00Z"});
    trashed = co_await InsertAsset(rig.db, {.owner = owner, .taken = "2024-01-03T00:00:00Z", .is_trashed = true});
    co_await rig.db.RunDynamic(fmt::format(R"(INSERT INTO album (id, "albumName") VALUES ('{}', 'Say "hi" <b>& more')"
                                           ")",
                                           album.ToString()));
    for (const AssetId& asset : {older, newer, trashed}) {
      co_await rig.db.RunDynamic(fmt::format(R"(INSERT INTO album_asset ("albumId", "assetId") VALUES ('{}', '{}'))",
                                             album.ToString(), asset.ToString()));
    }
  }

  /// The key of a new link to the album.
  Task<std::string> Link(LinkRow row = {}) {
    const pg::Result made = co_await rig.db.RunDynamic(fmt::format(
        R"(INSERT INTO shared_link ("userId", type, "albumId", key{}) VALUES ('{}', 'ALBUM', '{}', uuid_send(gen_random_uuid()){}) RETURNING key)",
        row.columns, owner.ToString(), album.ToString(), row.values));
    co_return crypto::ToBase64Url(made[0].Get<std::span<const std::uint8_t>>(0));
  }

  Task<http::Response> Open(std::string path) {
    http::Request request;
    request.path = std::move(path);
    request.host = "photos.example.com:2283";
    co_return co_await shares.Serve(request);
  }
  Task<std::string> Html(std::string path) {
    const http::Response page = co_await Open(std::move(path));
    co_return std::get<std::string>(page.body);
  }

  AccountRig& rig;
  testing::TemporaryDirectory folder;
  WebPages pages;
  SharePage shares;
  UserId owner;
  AssetId older, newer, trashed;
  const AlbumId album = AlbumId::Random();
};

void WithShares(const std::function<Task<void>(ShareRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    ShareRig rig(accounts);
    co_await rig.SetUp();
    co_await body(rig);
  });
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(SharePageTest, AlbumLinksTellNameNumberAndCover) {
  WithShares([](ShareRig& rig) -> Task<void> {
    const std::string key = co_await rig.Link();
    const http::Response page = co_await rig.Open("/share/" + key);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.headers.Find("Content-Security-Policy"));
    const std::string& html = std::get<std::string>(page.body);
    EXPECT_TRUE(Has(html, R"(property="og:title" content="Say &quot;hi&quot; &lt;b&gt;&amp; more")")) << html;
    EXPECT_TRUE(Has(html, R"(property="og:description" content="2 shared photos &amp; videos")")) << html;
    const std::string image = fmt::format(
        "http://photos.example.com:2283/api/assets/{}/thumbnail?size=preview&amp;key={}", rig.newer.ToString(), key);
    EXPECT_TRUE(Has(html, fmt::format(R"(property="og:image" content="{}")", image))) << html;
    EXPECT_EQ(co_await rig.Html("/share/" + key + "/photos/x"), html);
  });
}

TEST(SharePageTest, TheChosenCoverAndTheDomainOfTheAdministratorCount) {
  WithShares([](ShareRig& rig) -> Task<void> {
    auto config = rig.rig.config.current();
    config.server.external_domain = "https://photos.example.org/";
    co_await rig.rig.config.Save(config);
    co_await rig.rig.db.RunDynamic(
        fmt::format(R"(UPDATE album SET "albumThumbnailAssetId" = '{}')", rig.older.ToString()));
    co_await rig.Link({R"(, slug, description)", ", 'summer', 'By the lake'"});
    const std::string html = co_await rig.Html("/s/summer");
    EXPECT_TRUE(Has(html, "https://photos.example.org/api/assets/" + rig.older.ToString())) << html;
    EXPECT_TRUE(Has(html, R"(property="og:description" content="By the lake")")) << html;
  });
}

TEST(SharePageTest, LinksToPhotosAreCalledPublicShare) {
  WithShares([](ShareRig& rig) -> Task<void> {
    const std::string key = co_await rig.Link();
    co_await rig.rig.db.RunDynamic(R"(UPDATE shared_link SET type = 'INDIVIDUAL', "albumId" = NULL)");
    std::string html = co_await rig.Html("/share/" + key);
    EXPECT_TRUE(Has(html, R"(og:title" content="Public Share")")) << html;
    EXPECT_TRUE(Has(html, R"(og:image" content="http://photos.example.com:2283/feature-panel.png")")) << html;
    co_await rig.rig.db.RunDynamic(
        fmt::format(R"(INSERT INTO shared_link_asset ("sharedLinkId", "assetId") SELECT id, '{}' FROM shared_link)",
                    rig.older.ToString()));
    html = co_await rig.Html("/share/" + key);
    EXPECT_TRUE(Has(html, "1 shared photos &amp; videos")) << html;
    EXPECT_TRUE(Has(html, rig.older.ToString())) << html;
  });
}

TEST(SharePageTest, ALinkWithAPasswordTellsNothing) {
  WithShares([](ShareRig& rig) -> Task<void> {
    const std::string key = co_await rig.Link({", password, description", ", 'secret', 'By the lake'"});
    const http::Response page = co_await rig.Open("/share/" + key);
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(std::get<std::string>(page.body), rig.pages.Current().index_html());
  });
}

TEST(SharePageTest, UnknownAndEndedLinksAreThePageWith404) {
  WithShares([](ShareRig& rig) -> Task<void> {
    const std::string ended = co_await rig.Link({R"(, "expiresAt")", ", now() - interval '1 hour'"});
    for (const std::string& path : {"/share/" + ended, std::string("/share/nobody"), std::string("/share/!!"),
                                    std::string("/s/nothing"), std::string("/s/")}) {
      const http::Response page = co_await rig.Open(path);
      EXPECT_EQ(page.status, 404) << path;
      EXPECT_EQ(std::get<std::string>(page.body), rig.pages.Current().index_html()) << path;
    }
  });
}

TEST(SharePageTest, OtherAddressesAreNotAskedFor) {
  http::Request request;
  for (const char* path : {"/share/k", "/s/k"}) {
    request.path = path;
    EXPECT_TRUE(SharePage::IsFor(request)) << path;
  }
  for (const char* path : {"/shared-links", "/sharing", "/search", "/share"}) {
    request.path = path;
    EXPECT_FALSE(SharePage::IsFor(request)) << path;
  }
  request.path = "/share/k";
  request.method = http::Method::kPost;
  EXPECT_FALSE(SharePage::IsFor(request));
}

}  // namespace
}  // namespace immich::web_app
