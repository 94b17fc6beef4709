#include "server/assets/asset_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/assets/asset_entries.hpp"
#include "server/assets/asset_file_service.hpp"
#include "server/assets/asset_media.hpp"
#include "server/assets/testing/asset_rig.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::Refusal;
using immich::testing::WithAssets;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// The visitor of a link of the owner to one asset.
Task<AuthContext> VisitorOf(AssetRig& rig, AuthContext owner, AssetId asset, bool shows_metadata) {
  AuthSharedLink link;
  link.id = SharedLinkId::Random();
  link.show_exif = shows_metadata;
  co_await rig.Sql(
      fmt::format(R"(INSERT INTO shared_link (id, key, type, "userId") VALUES ('{0}', '{0}', 'INDIVIDUAL', '{1}');
      INSERT INTO shared_link_asset ("sharedLinkId", "assetId") VALUES ('{0}', '{2}'))",
                  link.id.ToString(), owner.user.id.ToString(), asset.ToString()));
  owner.session.reset();
  owner.shared_link = link;
  co_return owner;
}

TEST(AssetServiceTest, ShowsAssetsToThoseWithAccess) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    AuthContext owner = co_await rig.SignIn("a@example.com");
    const AuthContext stranger = co_await rig.SignIn("b@example.com");
    AssetService service(rig.db, rig.access, rig.jobs, std::make_shared<LibraryCache>(rig.db));
    const AssetId id = co_await rig.Add(owner, "photo");
    const std::string full = api::ToJson(co_await service.Get(owner, id));
    EXPECT_THAT(full, HasSubstr("\"originalFileName\":\"photo.jpg\""));
    EXPECT_THAT(full, HasSubstr("\"owner\":{"));
    EXPECT_EQ(co_await Refusal(service.Get(stranger, id)), "400 Not found or no asset.read access");
    EXPECT_EQ(co_await Refusal(service.Get(owner, AssetId::Random())), "400 Not found or no asset.read access");

    const AuthContext reader = co_await VisitorOf(rig, owner, id, true);
    const std::string shared = api::ToJson(co_await service.Get(reader, id));
    EXPECT_THAT(shared, HasSubstr("originalFileName"));
    EXPECT_THAT(shared, Not(HasSubstr("\"owner\":{")));
    const AuthContext blind = co_await VisitorOf(rig, owner, id, false);
    const std::string reduced = api::ToJson(co_await service.Get(blind, id));
    EXPECT_THAT(reduced, HasSubstr("\"hasMetadata\":false"));
    EXPECT_THAT(reduced, Not(HasSubstr("originalFileName")));
    const AssetId unshared = co_await rig.Add(owner, "unshared");
    EXPECT_EQ(co_await Refusal(service.Get(reader, unshared)), "400 Not found or no asset.read access");

    co_await rig.Sql("UPDATE asset SET visibility = 'locked'");
    EXPECT_EQ(co_await Refusal(service.Get(owner, id)), "400 Not found or no asset.read access");
    owner.session->has_elevated_permission = true;
    EXPECT_EQ(co_await Refusal(service.Get(owner, id)), "accepted");
  });
}

TEST(AssetServiceTest, AnswersBulkChecksInOrder) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    AssetService service(rig.db, rig.access, rig.jobs, std::make_shared<LibraryCache>(rig.db));
    const AssetId known = co_await rig.Add(auth, "hello"), trashed = co_await rig.Add(auth, "world");
    co_await rig.Sql(R"(UPDATE asset SET "deletedAt" = now() WHERE id = ')" + trashed.ToString() + "'");
    api::AssetBulkUploadCheckDto request;
    // SHA-1 of "hello" (base64), of something else, of "world" (hex), and no checksum at all.
    request.assets = {{"qvTGHdzF6KLavt4PO0gs2a6pQ00=", "1"},
                      {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "2"},
                      {"7c211433f02071597741e6ff5a8ea34789abbf43", "3"},
                      {"rubbish", "4"}};
    const auto results = (co_await service.CheckBulkUpload(auth, request)).results;
    EXPECT_EQ(results.at(0).asset_id, known.value);
    EXPECT_EQ(results.at(0).is_trashed, false);
    EXPECT_EQ(results.at(1).action, api::AssetUploadAction::kAccept);
    EXPECT_EQ(results.at(2).action, api::AssetUploadAction::kReject);
    EXPECT_EQ(results.at(2).is_trashed, true);
    EXPECT_EQ(results.at(3).action, api::AssetUploadAction::kAccept);
    EXPECT_EQ(results.at(3).id, "4");
  });
}

TEST(AssetServiceTest, CountsByTypeVisibilityAndTrash) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    AuthContext auth = co_await rig.SignIn("a@example.com");
    AssetService service(rig.db, rig.access, rig.jobs, std::make_shared<LibraryCache>(rig.db));
    co_await rig.Add(auth, "1");
    co_await rig.Add(auth, "2", "clip.mp4");
    const AssetId locked = co_await rig.Add(auth, "3");
    co_await rig.Sql("UPDATE asset SET visibility = 'locked' WHERE id = '" + locked.ToString() + "'");
    EXPECT_EQ((co_await service.Statistics(auth, {}))->text(), R"({"images":1,"total":2,"videos":1})");
    co_await rig.Add(auth, "4");
    EXPECT_EQ((co_await service.Statistics(auth, {}))->text(), R"({"images":2,"total":3,"videos":1})") << "at once";
    api::GetAssetStatistics::Input filter;
    filter.visibility = api::AssetVisibility::kLocked;
    EXPECT_EQ(co_await Refusal(service.Statistics(auth, filter)), "401 Elevated permission is required");
    auth.session->has_elevated_permission = true;
    EXPECT_EQ((co_await service.Statistics(auth, filter))->text(), R"({"images":1,"total":1,"videos":0})");
  });
}

TEST(AssetServiceTest, QueuesJobsForOwnAssetsOnly) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com"), other = co_await rig.SignIn("b@example.com");
    AssetService service(rig.db, rig.access, rig.jobs, std::make_shared<LibraryCache>(rig.db));
    const AssetId id = co_await rig.Add(auth, "photo");
    rig.TakeJobs();
    for (const auto& [name, job] : {std::pair(api::AssetJobName::kRefreshFaces, "AssetDetectFaces "),
                                    std::pair(api::AssetJobName::kRefreshMetadata, "AssetExtractMetadata "),
                                    std::pair(api::AssetJobName::kRegenerateThumbnail, "AssetGenerateThumbnails "),
                                    std::pair(api::AssetJobName::kTranscodeVideo, "AssetEncodeVideo ")}) {
      api::AssetJobsDto request;
      request.asset_ids = {id.value};
      request.name = name;
      EXPECT_EQ(co_await Refusal(service.RunJobs(other, request)), "400 Not found or no asset.update access");
      co_await service.RunJobs(auth, request);
      EXPECT_THAT(rig.TakeJobs(), ElementsAre(job + JobDataWithId(id.value)));
    }
  });
}

TEST(AssetEntriesTest, SetsReadsAndDeletes) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com"), other = co_await rig.SignIn("b@example.com");
    AssetEntries entries(rig.db, rig.access);
    const AssetId first = co_await rig.Add(auth, "1"), second = co_await rig.Add(auth, "2");
    const auto set = [&](AuthContext who, std::vector<api::AssetMetadataUpsertItemDto> items) -> Task<std::string> {
      std::string keys;
      for (const auto& entry : co_await entries.Set(who, first, std::move(items))) keys += entry.key + entry.value.text;
      co_return keys;
    };
    EXPECT_EQ(co_await set(auth, {{"b", {R"({"x":1})"}}, {"a", {"{}"}}}), R"(b{"x": 1}a{})");
    EXPECT_EQ(co_await set(auth, {{"b", {R"({"y":2})"}}}), R"(b{"y": 2})");
    EXPECT_EQ(co_await Refusal(set(auth, {{"a", {"{}"}}, {"a", {"{}"}}})), "400 Key \"a\" is there twice");
    EXPECT_EQ(co_await Refusal(set(other, {{"a", {"{}"}}})), "400 Not found or no asset.update access");
    EXPECT_EQ(co_await Refusal(set(other, {})), "400 Not found or no asset.update access");
    EXPECT_EQ((co_await entries.List(auth, first)).size(), 2);
    EXPECT_EQ((co_await entries.Get(auth, first, "b")).value.text, R"({"y": 2})");
    EXPECT_EQ(co_await Refusal(entries.List(other, first)), "400 Not found or no asset.read access");

    std::vector<api::AssetMetadataBulkUpsertItemDto> bulk{{second.value, "k", {"{}"}}, {first.value, "k", {"{}"}}};
    const auto stored = co_await entries.SetMany(auth, bulk);
    EXPECT_EQ(stored.at(0).asset_id, second.value);
    EXPECT_EQ(stored.at(1).asset_id, first.value);
    bulk.push_back(bulk[0]);
    EXPECT_EQ(co_await Refusal(entries.SetMany(auth, bulk)), "400 Key \"k\" is there twice");
    std::vector<api::AssetMetadataBulkDeleteItemDto> doomed{
        {first.value, "b"}, {first.value, "k"}, {first.value, "none"}};
    co_await entries.Delete(auth, doomed);
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset_metadata"), 2);
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset_metadata_audit"), 2) << "phones hear of it";
    EXPECT_THAT(co_await Refusal(entries.Get(auth, first, "b")), HasSubstr("400 "));
  });
}

TEST(AssetFileServiceTest, ShowsAndDeletesFilesOfTheOwner) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com"), other = co_await rig.SignIn("b@example.com");
    AssetFileService files(rig.db, rig.access);
    const AssetId id = co_await rig.Add(auth, "photo");
    const std::string preview = rig.MakeFile("thumbs/p.jpeg"), thumbnail = rig.MakeFile("thumbs/t.webp");
    co_await rig.Sql(fmt::format(R"(INSERT INTO asset_file ("assetId", type, path, "isProgressive")
        VALUES ('{0}', 'preview', '{1}', true), ('{0}', 'thumbnail', '{2}', false))",
                                 id.ToString(), preview, thumbnail));
    api::SearchAssetFiles::Input filter{.asset_id = id.value};
    const auto all = co_await files.Search(auth, filter);
    EXPECT_EQ(all.size(), 2);
    filter.type = api::AssetFileType::kThumbnail;
    EXPECT_EQ((co_await files.Search(auth, filter)).at(0).path, thumbnail);
    filter.is_progressive = true;
    EXPECT_EQ((co_await files.Search(auth, filter)).size(), 0);
    EXPECT_EQ(co_await Refusal(files.Search(other, filter)), "400 Not found or no assetFile.read access");
    const Uuid file = all.at(0).id;
    EXPECT_EQ((co_await files.Get(auth, api::Permission::kAssetFileDownload, file)).path, preview);
    EXPECT_EQ(co_await Refusal(files.Get(other, api::Permission::kAssetFileDownload, file)),
              "400 Not found or no assetFile.download access");
    EXPECT_EQ(co_await Refusal(files.Delete(other, file)), "400 Not found or no assetFile.delete access");
    co_await files.Delete(auth, file);
    EXPECT_FALSE(std::filesystem::exists(preview));
    EXPECT_TRUE(std::filesystem::exists(thumbnail));
    EXPECT_EQ(co_await Refusal(files.Delete(auth, file)), "400 Not found or no assetFile.delete access");
  });
}

std::string PathOf(const http::Response& response) {
  const auto* file = std::get_if<http::FileBody>(&response.body);
  return file == nullptr ? std::string(response.headers.Get("location")) : file->path;
}

TEST(AssetMediaTest, ChoosesTheFile) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com"), other = co_await rig.SignIn("b@example.com");
    AssetMedia media(rig.db, rig.access);
    const AssetId id = co_await rig.Add(auth, "photo", "Holiday Ö.tif");
    co_await rig.Sql(fmt::format(R"(INSERT INTO asset_file ("assetId", type, path, "isEdited")
        VALUES ('{0}', 'preview', '/p.jpeg', false), ('{0}', 'preview', '/e.jpeg', true),
               ('{0}', 'fullsize', '/f.jpeg', true))",
                                 id.ToString()));
    http::Request request;
    request.query = http::QueryParams::Parse("size=fullsize&c=x");
    using Size = api::AssetMediaSize;
    const http::Response original = co_await media.Original(auth, id, true);
    EXPECT_THAT(PathOf(original), HasSubstr(".tif")) << "not edited";
    EXPECT_EQ(original.headers.Get("content-disposition"), "inline; filename*=UTF-8''Holiday%20%C3%96.tif");
    EXPECT_EQ(PathOf(co_await media.Image(auth, id, Size::kPreview, false, request)), "/p.jpeg");
    EXPECT_EQ(PathOf(co_await media.Image(auth, id, Size::kPreview, true, request)), "/e.jpeg");
    EXPECT_EQ(PathOf(co_await media.Image(auth, id, Size::kFullsize, false, request)), "thumbnail?c=x&size=preview");
    EXPECT_EQ(PathOf(co_await media.Image(auth, id, Size::kFullsize, true, request)), "/f.jpeg");
    EXPECT_EQ(PathOf(co_await media.Image(auth, id, Size::kOriginal, false, request)), "original?c=x");
    EXPECT_EQ(co_await Refusal(media.Image(auth, id, Size::kThumbnail, false, request)), "404 Asset media not found");
    EXPECT_EQ(co_await Refusal(media.Image(other, id, Size::kPreview, false, request)),
              "400 Not found or no asset.view access");
    EXPECT_EQ(co_await Refusal(media.Original(other, id, false)), "400 Not found or no asset.download access");
    EXPECT_THAT(co_await Refusal(media.Video(auth, id)), HasSubstr("404"));

    co_await rig.Sql(R"(UPDATE asset SET "isEdited" = true)");
    EXPECT_EQ(PathOf(co_await media.Original(auth, id, true)), "/f.jpeg");
    const AuthContext visitor = co_await VisitorOf(rig, auth, id, false);
    const http::Response seen = co_await media.Image(visitor, id, Size::kPreview, false, request);
    EXPECT_EQ(PathOf(seen), "/e.jpeg") << "visitors never get what was before the edit";
    EXPECT_EQ(seen.headers.Get("content-disposition"), "inline; filename*=UTF-8''" + id.ToString() + "_preview.jpeg");
    EXPECT_EQ(co_await Refusal(media.Original(visitor, id, false)), "400 Not found or no asset.download access");
  });
}

}  // namespace
}  // namespace immich::assets
