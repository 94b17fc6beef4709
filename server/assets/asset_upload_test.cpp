#include "server/assets/asset_upload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/pg/pg_connect_settings.hpp"
#include "platform/pg/testing/pg_fault_proxy.hpp"
#include "server/assets/testing/asset_rig.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::PiecewiseBody;
using immich::testing::ReadFile;
using immich::testing::Refusal;
using immich::testing::RunTogether;
using immich::testing::UploadForm;
using immich::testing::WithAssets;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

std::string Sha1Hex(const std::string& text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return crypto::ToHex(crypto::HashSha1(std::span(bytes, text.size())));
}

UploadForm FormOf(std::string content) {
  UploadForm form;
  form.content = std::move(content);
  return form;
}

Task<std::string> SendAndName(AssetRig& rig, AuthContext auth, UploadForm form) {
  const UploadOutcome outcome = co_await rig.Send(auth, std::move(form));
  co_return outcome.kind == UploadOutcome::Kind::kCreated ? "created" : "duplicate";
}

TEST(AssetUploadTest, StoresFileRowsAndJob) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    UploadForm form = FormOf(std::string(3'000'000, 'p'));
    form.file_name = "Übung.JPG";
    form.sidecar = "<x:xmpmeta/>";
    form.fields.emplace_back("isFavorite", "true");
    form.fields.emplace_back("duration", "1500");
    form.fields.emplace_back("metadata", R"([{"key":"mobile-app","value":{"cloudId":"c"}}])");
    const std::string content = form.content;
    const UploadOutcome outcome = co_await rig.Send(auth, std::move(form));
    EXPECT_EQ(outcome.kind, UploadOutcome::Kind::kCreated);

    const std::string path = co_await rig.Text(R"(SELECT "originalPath" FROM asset)");
    EXPECT_THAT(path, MatchesRegex(rig.folder.path() + "/upload/" + auth.user.id.ToString() +
                                   "/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f-]{36}\\.jpg"));
    EXPECT_EQ(ReadFile(path), content);
    struct stat info{};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mtime, 1710115200);
    EXPECT_EQ(co_await rig.Text("SELECT encode(checksum, 'hex') FROM asset"), Sha1Hex(content));
    EXPECT_EQ(
        co_await rig.Text(R"(SELECT concat_ws(' ', id, type, "originalFileName", visibility, "isFavorite", duration,
                                         "localDateTime" AT TIME ZONE 'UTC') FROM asset)"),
        outcome.id.ToString() + " IMAGE Übung.JPG timeline t 1500 2024-03-10 10:15:30");
    EXPECT_EQ(co_await rig.Number(R"(SELECT "fileSizeInByte" FROM asset_exif)"), 3'000'000);
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset_job_status"), 1);
    EXPECT_EQ(co_await rig.Text("SELECT value->>'cloudId' FROM asset_metadata WHERE key = 'mobile-app'"), "c");
    EXPECT_EQ(co_await rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 3'000'000);
    const std::string sidecar = co_await rig.Text("SELECT path FROM asset_file WHERE type = 'sidecar'");
    EXPECT_EQ(ReadFile(sidecar), "<x:xmpmeta/>");
    EXPECT_EQ(rig.Files(), (std::set<std::string>{path, sidecar}));
    EXPECT_THAT(rig.TakeJobs(), ElementsAre("AssetExtractMetadata " + JobDataWithSource(outcome.id.value, "upload")));
  });
}

TEST(AssetUploadTest, SameContentIsADuplicateAndLeavesOneFile) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const AssetId first = co_await rig.Add(auth, "same");
    co_await rig.Sql(R"(UPDATE asset SET "deletedAt" = now(), status = 'trashed')");
    UploadForm form = FormOf("same");
    form.file_name = "other.png";
    const UploadOutcome again = co_await rig.Send(auth, std::move(form));
    EXPECT_EQ(again.kind, UploadOutcome::Kind::kDuplicate);
    EXPECT_EQ(again.id, first);
    EXPECT_TRUE(co_await rig.HasFiles(1));
    EXPECT_EQ(co_await rig.Number(R"(SELECT sum("quotaUsageInBytes")::bigint FROM "user")"), 4);
    const AssetId theirs = co_await rig.Add(other, "same");
    EXPECT_NE(theirs, first);
    EXPECT_TRUE(co_await rig.HasFiles(2));
  });
}

TEST(AssetUploadTest, OneOfManyConcurrentUploadsOfAContentIsCreated) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    std::vector<Task<std::string>> uploads;
    for (int i = 0; i < 16; ++i) uploads.push_back(SendAndName(rig, auth, FormOf(std::string(100'000, 'x'))));
    const auto outcomes = co_await RunTogether(std::move(uploads));
    EXPECT_EQ(std::ranges::count(outcomes, "created"), 1);
    EXPECT_EQ(std::ranges::count(outcomes, "duplicate"), 15);
    EXPECT_TRUE(co_await rig.HasFiles(1));
    EXPECT_EQ(co_await rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 100'000);
  });
}

TEST(AssetUploadTest, ConcurrentUploadsNeverExceedTheQuota) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await rig.Sql(R"(UPDATE "user" SET "quotaSizeInBytes" = 250000)");
    auth.user.quota_size_bytes = 250'000;
    std::vector<Task<std::string>> uploads;
    for (char c = 'a'; c < 'i'; ++c) uploads.push_back(SendAndName(rig, auth, FormOf(std::string(100'000, c))));
    const auto outcomes = co_await RunTogether(std::move(uploads));
    EXPECT_EQ(std::ranges::count(outcomes, "created"), 2);
    EXPECT_EQ(std::ranges::count(outcomes, "400 Quota has been exceeded!"), 6);
    EXPECT_TRUE(co_await rig.HasFiles(2));
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset"), 2);
    EXPECT_EQ(co_await rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 200'000);
  });
}

TEST(AssetUploadTest, RefusalsLeaveNothing) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto refusal = [&](UploadForm form) { return Refusal(rig.Send(auth, std::move(form))); };
    EXPECT_EQ(co_await refusal(FormOf("")), "400 File is empty");
    UploadForm form = FormOf("x");
    form.file_name = "document.pdf";
    EXPECT_EQ(co_await refusal(form), "400 Unsupported file type document.pdf");
    form.file_name = "photo.xmp";
    EXPECT_EQ(co_await refusal(form), "400 Unsupported file type photo.xmp");
    form = FormOf("x");
    form.fields = {{"fileCreatedAt", "2024-03-10T10:15:30Z"}};
    EXPECT_EQ(co_await refusal(form), "400 Validation failed");
    form = FormOf("x");
    form.fields.emplace_back("livePhotoVideoId", Uuid::Random().ToString());
    EXPECT_EQ(co_await refusal(form), "400 Live photo video not found");
    // What was used since the caller became known counts.
    auth.user.quota_size_bytes = 3'000'000;
    co_await rig.Sql(R"(UPDATE "user" SET "quotaSizeInBytes" = 3000000, "quotaUsageInBytes" = 2000000)");
    PiecewiseBody too_long(FormOf(std::string(2'500'000, 'q')).Body());
    bool was_read = false;
    too_long.on_end = [&] { was_read = true; };
    http::Request too_much = AssetRig::RequestOf(too_long);
    EXPECT_EQ(co_await Refusal(rig.upload.Receive(auth, too_much)), "400 Quota has been exceeded!");
    EXPECT_FALSE(was_read);

    PiecewiseBody nothing(UploadForm::Part("name=\"fileCreatedAt\"", "2024-03-10T10:15:30Z") + "--limit--\r\n");
    http::Request request = AssetRig::RequestOf(nothing);
    EXPECT_EQ(co_await Refusal(rig.upload.Receive(auth, request)), "400 Field(s) assetData should not be empty");

    PiecewiseBody announced(FormOf("x").Body());
    request = AssetRig::RequestOf(announced);
    request.headers.Add("x-immich-checksum", std::string(40, 'a'));
    EXPECT_THAT(co_await Refusal(rig.upload.Receive(auth, request)), MatchesRegex("400 The checksum of .*"));
    EXPECT_TRUE(co_await rig.HasFiles(0));
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset"), 0);
  });
}

TEST(AssetUploadTest, ABrokenOffBodyLeavesNothing) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    PiecewiseBody body(FormOf(std::string(5'000'000, 'b')).Body());
    body.break_at = 4'000'000;
    http::Request request = AssetRig::RequestOf(body);
    EXPECT_EQ(co_await Refusal(rig.upload.Receive(auth, request)), "400 The request body ended early");
    EXPECT_TRUE(co_await rig.HasFiles(0));
  });
}

TEST(AssetUploadTest, AFileThatCannotBePublishedIsNoAsset) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    UploadForm form = FormOf("photo");
    form.sidecar = "<x/>";
    PiecewiseBody body(form.Body());
    // The sidecar came first, so its folder is the one that is there already when the photo's is made.
    body.on_end = [&] {
      for (const std::string& file : rig.Files()) {
        if (file.find(".xmp") != std::string::npos)
          std::filesystem::remove_all(std::filesystem::path(file).parent_path());
      }
    };
    http::Request request = AssetRig::RequestOf(body);
    EXPECT_EQ(co_await Refusal(rig.upload.Receive(auth, request)), "500 Internal server error");
    EXPECT_TRUE(co_await rig.HasFiles(0)) << "the photo, which was published, is gone too";
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset"), 0);
    EXPECT_EQ(co_await rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 0);
  });
}

TEST(AssetUploadTest, AFailedTransactionRemovesTheFiles) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await rig.Sql(R"(ALTER TABLE asset_exif ADD CONSTRAINT no_rows CHECK (false) NOT VALID)");
    EXPECT_EQ(co_await Refusal(rig.Send(auth, FormOf("photo"))), "500 Internal server error");
    EXPECT_TRUE(co_await rig.HasFiles(0));
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM asset"), 0);
    EXPECT_TRUE(rig.TakeJobs().empty());
  });
}

/// Runs `body` with an upload whose database connections pass through a proxy.
void WithProxy(const std::function<Task<void>(AssetRig&, AssetUpload&, pg::FaultProxy&)>& body) {
  WithAssets([&](AssetRig& rig) -> Task<void> {
    const std::string name = co_await rig.Text("SELECT current_database()");
    const std::string folder = co_await rig.Text("SHOW unix_socket_directories");
    const std::string port = co_await rig.Text("SHOW port");
    const immich::testing::TemporaryDirectory sockets;
    pg::FaultProxy proxy(rig.db.executor(), folder + "/.s.PGSQL." + port, sockets / (".s.PGSQL." + port));
    pg::PoolOptions options;
    options.url = fmt::format("host={} port={} dbname={} user={}", sockets.path(), port, name,
                              co_await rig.Text("SELECT current_user::text"));
    options.max_connections = 1;
    options.acquire_timeout = std::chrono::milliseconds(2000);
    pg::Pool pool(rig.db.executor(), options);
    AssetUpload upload(pool, rig.jobs, rig.events, rig.paths);
    co_await body(rig, upload, proxy);
  });
}

TEST(AssetUploadTest, KeepsTheFileWhenTheOutcomeOfTheCommitIsUnknown) {
  WithProxy([](AssetRig& rig, AssetUpload& upload, pg::FaultProxy& proxy) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    proxy.CutAfter("COMMIT");
    EXPECT_EQ(co_await Refusal(AssetRig::SendWith(auth, FormOf("kept"), upload)), "500 Internal server error");
    EXPECT_EQ(rig.Files().size(), 1);
    const std::string path = *rig.Files().begin();
    EXPECT_EQ(co_await rig.Text(R"(SELECT "originalPath" FROM asset)"), path) << "it was committed after all";
    // The client tries again and learns that it is there.
    const UploadOutcome again = co_await AssetRig::SendWith(auth, FormOf("kept"), upload);
    EXPECT_EQ(again.kind, UploadOutcome::Kind::kDuplicate);
    EXPECT_TRUE(co_await rig.HasFiles(1));
    EXPECT_EQ(ReadFile(path), "kept");
  });
}

TEST(AssetUploadTest, RemovesTheFileWhenTheDatabaseWentBeforeTheCommit) {
  WithProxy([](AssetRig& rig, AssetUpload& upload, pg::FaultProxy& proxy) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await AssetRig::SendWith(auth, FormOf("first"), upload);
    proxy.SetRefusing(true);
    proxy.CutAll();
    EXPECT_EQ(co_await Refusal(AssetRig::SendWith(auth, FormOf("second"), upload)), "503 Database unavailable");
    EXPECT_TRUE(co_await rig.HasFiles(1));
    proxy.SetRefusing(false);
    const UploadOutcome again = co_await AssetRig::SendWith(auth, FormOf("second"), upload);
    EXPECT_EQ(again.kind, UploadOutcome::Kind::kCreated);
  });
}

TEST(AssetUploadTest, HidesTheVideoOfALivePhoto) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AssetId video = co_await rig.Add(auth, "video", "live.mov");
    UploadForm form = FormOf("still");
    form.fields.emplace_back("livePhotoVideoId", video.ToString());
    const UploadOutcome still = co_await rig.Send(auth, std::move(form));
    EXPECT_EQ(co_await rig.Text(R"(SELECT v.visibility::text FROM asset s JOIN asset v ON v.id = s."livePhotoVideoId"
                                   WHERE s.id = ')" +
                                still.id.ToString() + "'"),
              "hidden");
    UploadForm wrong = FormOf("another");
    wrong.fields.emplace_back("livePhotoVideoId", still.id.ToString());
    EXPECT_EQ(co_await Refusal(rig.Send(auth, std::move(wrong))), "400 Live photo video must be a video");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    UploadForm foreign = FormOf("another");
    foreign.fields.emplace_back("livePhotoVideoId", video.ToString());
    EXPECT_EQ(co_await Refusal(rig.Send(other, std::move(foreign))),
              "400 Live photo video does not belong to the user");
  });
}

TEST(AssetUploadTest, SharedLinksGetWhatIsUploadedAndWhatWasThere) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    AuthContext auth = co_await rig.SignIn("a@example.com");
    const std::string known = "known";
    const AssetId before = co_await rig.Add(auth, known);
    const std::string link = "11111111-1111-4111-8111-111111111111", album = "22222222-2222-4222-8222-222222222222";
    co_await rig.Sql(fmt::format(R"(INSERT INTO album (id, "albumName") VALUES ('{}', 'a');
        INSERT INTO shared_link (id, key, type, "userId") VALUES ('{}', '\x01', 'INDIVIDUAL', '{}'))",
                                 album, link, auth.user.id.ToString()));
    AuthSharedLink shared;
    shared.id = SharedLinkId(*Uuid::Parse(link));
    shared.album_id = AlbumId(*Uuid::Parse(album));
    auth.shared_link = shared;
    const AssetId added = co_await rig.Add(auth, "new");
    EXPECT_EQ(co_await rig.upload.FindByChecksumHeader(auth, Sha1Hex(known)), before);
    EXPECT_EQ(co_await rig.upload.FindByChecksumHeader(auth, Sha1Hex("unknown")), std::nullopt);
    EXPECT_EQ(co_await rig.upload.FindByChecksumHeader(auth, "rubbish"), std::nullopt);
    EXPECT_EQ(co_await rig.Number("SELECT count(*) FROM album_asset"), 2);
    auth.shared_link->album_id.reset();
    EXPECT_EQ(co_await rig.Add(auth, "new"), added) << "a duplicate";
    EXPECT_EQ(co_await rig.Text(R"(SELECT "assetId"::text FROM shared_link_asset)"), added.ToString());
  });
}

TEST(AssetUploadTest, KeepsNamesHarmlessAndWithTheirExtension) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const std::pair<std::string, std::string> cases[] = {
        {"../../etc/passwd.jpg", "passwd.jpg"},
        {"C:\\Windows\\evil.jpg", "evil.jpg"},
        {"a\x01\n b.jpg", "a b.jpg"},
        {"東京 🏔️.jpg", "東京 🏔️.jpg"},
        {std::string(400, 'n') + ".jpeg", std::string(250, 'n') + ".jpeg"},
    };
    for (const auto& [sent, kept] : cases) {
      UploadForm form = FormOf(kept);
      form.fields.emplace_back("filename", sent);
      const UploadOutcome outcome = co_await rig.Send(auth, std::move(form));
      const std::string row = fmt::format(R"(SELECT "originalFileName" || ' ' || ("originalPath" LIKE '{}/upload/%')
                                             FROM asset WHERE id = '{}')",
                                          rig.folder.path(), outcome.id.ToString());
      EXPECT_EQ(co_await rig.Text(row), kept + " true");
    }
  });
}

TEST(ParseChecksumTest, TakesHexAndBase64) {
  EXPECT_EQ(ParseChecksum("da39a3ee5e6b4b0d3255bfef95601890afd80709")->size(), 20);
  EXPECT_EQ(ParseChecksum("2jmj7l5rSw0yVb/vlWAYkK/YBwk="), ParseChecksum("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"));
  for (const char* text : {"", "da39", "zz39a3ee5e6b4b0d3255bfef95601890afd80709", "2jmj7l5rSw0yVb/vlWAYkK/YBwk!"}) {
    EXPECT_FALSE(ParseChecksum(text)) << text;
  }
}

}  // namespace
}  // namespace immich::assets
