// Structs to JSON and back.
#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "api/albums_types.hpp"
#include "api/assets_types.hpp"
#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "api/config_admin_types.hpp"
#include "api/search_types.hpp"
#include "api/server_types.hpp"
#include "api/sync_types.hpp"
#include "api/timeline_types.hpp"
#include "api/users_types.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_merge.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::api {
namespace {

const Uuid kId = *Uuid::Parse("8a853ce1-205f-4636-aec0-9fd1d31143ff");
const TimePoint kTime = *ParseIso("2024-01-02T03:04:05.678Z");

UserResponseDto SomeUser() {
  return {.avatar_color = UserAvatarColor::kAmber,
          .email = "a@b.c",
          .id = kId,
          .name = "A \"B\"",
          .profile_changed_at = kTime,
          .profile_image_path = ""};
}

AlbumResponseDto SomeAlbum() {
  return {.album_name = "Ferien",
          .album_users = {{.role = AlbumUserRole::kOwner, .user = SomeUser()}},
          .asset_count = 2,
          .created_at = kTime,
          .description = "",
          .has_shared_link = false,
          .id = kId,
          .is_activity_enabled = true,
          .order = AssetOrder::kDesc,
          .shared = false,
          .updated_at = kTime};
}

TEST(ContractJsonTest, WritesMembersInContractOrder) {
  EXPECT_EQ(
      ToJson(SomeAlbum()),
      R"({"albumName":"Ferien","albumThumbnailAssetId":null,"albumUsers":[{"role":"owner","user":{"avatarColor":"amber",)"
      R"("email":"a@b.c","id":"8a853ce1-205f-4636-aec0-9fd1d31143ff","name":"A \"B\"",)"
      R"("profileChangedAt":"2024-01-02T03:04:05.678Z","profileImagePath":""}}],"assetCount":2,)"
      R"("createdAt":"2024-01-02T03:04:05.678Z","description":"","hasSharedLink":false,)"
      R"("id":"8a853ce1-205f-4636-aec0-9fd1d31143ff","isActivityEnabled":true,"order":"desc","shared":false,)"
      R"("updatedAt":"2024-01-02T03:04:05.678Z"})");
}

TEST(ContractJsonTest, EmptyObjectsAndLists) {
  EXPECT_EQ(ToJson(SyncAckV1{}), "{}");
  EXPECT_EQ(ToJson(std::vector<AlbumResponseDto>{}), "[]");
  EXPECT_EQ(ToJson(std::vector<std::string>{"a", "b"}), R"(["a","b"])");
}

TEST(ContractJsonTest, DefaultNullMembersAreAlwaysWritten) {
  const std::string json = ToJson(ExifResponseDto{.make = "Canon"});
  EXPECT_NE(json.find(R"("city":null)"), std::string::npos);
  EXPECT_NE(json.find(R"("make":"Canon")"), std::string::npos);
  EXPECT_NE(json.find(R"("timeZone":null)"), std::string::npos);
}

TEST(ContractJsonTest, ColumnsOfATimeBucket) {
  TimeBucketAssetResponseDto bucket{};
  bucket.is_favorite = {true, false};
  bucket.thumbhash = {"abc", std::nullopt};
  bucket.ratio = {1.5, 0.75};
  bucket.visibility = {AssetVisibility::kTimeline, AssetVisibility::kArchive};
  bucket.stack = {{std::vector<std::string>{"id", "2"}, std::nullopt}};
  const std::string json = ToJson(bucket);
  EXPECT_NE(json.find(R"("isFavorite":[true,false])"), std::string::npos);
  EXPECT_NE(json.find(R"("ratio":[1.5,0.75])"), std::string::npos);
  EXPECT_NE(json.find(R"("stack":[["id","2"],null])"), std::string::npos);
  EXPECT_NE(json.find(R"("thumbhash":["abc",null])"), std::string::npos);
  EXPECT_NE(json.find(R"("visibility":["timeline","archive"])"), std::string::npos);
  EXPECT_EQ(json.find("city"), std::string::npos);
}

TEST(ContractJsonTest, AnAssetWithoutMetadataIsBrief) {
  AssetResponseDto asset{};
  asset.id = kId;
  asset.has_metadata = false;
  asset.original_file_name = "secret.jpg";
  EXPECT_EQ(ToJson(asset),
            R"({"duration":null,"hasMetadata":false,"height":null,"id":"8a853ce1-205f-4636-aec0-9fd1d31143ff",)"
            R"("localDateTime":"1970-01-01T00:00:00.000Z","thumbhash":null,"type":"IMAGE","width":null})");
  asset.has_metadata = true;
  EXPECT_NE(ToJson(asset).find("secret.jpg"), std::string::npos);
}

TEST(ContractJsonTest, UnionsTakeTheFirstThatFits) {
  const auto edit =
      FromJson<AssetEditActionItemDto>(R"({"action":"crop","parameters":{"x":1,"y":2,"width":3,"height":4}})");
  ASSERT_TRUE(std::holds_alternative<CropParameters>(edit.parameters));
  EXPECT_EQ(std::get<CropParameters>(edit.parameters).width, 3);
  const auto mirror = FromJson<AssetEditActionItemDto>(R"({"action":"mirror","parameters":{"axis":"vertical"}})");
  EXPECT_EQ(std::get<MirrorParameters>(mirror.parameters).axis, MirrorAxis::kVertical);
}

TEST(ContractJsonTest, PartialUpdatesTellAbsentNullAndValueApart) {
  const auto nothing = FromJson<UpdateAlbumDto>("{}");
  EXPECT_TRUE(nothing.description.is_absent());
  EXPECT_EQ(nothing.album_name, std::nullopt);
  EXPECT_TRUE(FromJson<UpdateAlbumDto>(R"({"description":null})").description.is_null());
  EXPECT_EQ(*FromJson<UpdateAlbumDto>(R"({"description":"x"})").description, "x");
}

TEST(ContractJsonTest, DefaultsStandWhereNothingIsSent) {
  EXPECT_TRUE(FromJson<AssetCopyDto>(R"({"sourceId":"8a853ce1-205f-4636-aec0-9fd1d31143ff",
                                          "targetId":"8a853ce1-205f-4636-aec0-9fd1d31143ff","albums":false})")
                  .favorite);
  const auto order = FromJson<SearchOrder>("{}");
  EXPECT_EQ(order.direction, AssetOrder::kDesc);
  EXPECT_EQ(order.field, SearchOrderField::kFileCreatedAt);
  EXPECT_EQ(FromJson<SmartSearchDto>("{}").size, 100);
}

TEST(ContractJsonTest, FreeFormObjectsStayAsTheyAre) {
  const auto item =
      FromJson<AssetMetadataUpsertItemDto>(R"({"key":"mobile-app","value":{"z":[1,2.5,{"a":null}],"b":"x"}})");
  EXPECT_EQ(item.value.text, R"({"z":[1,2.5,{"a":null}],"b":"x"})");
}

TEST(ContractJsonTest, PreferenceUpdatesAreWrittenWithoutWhatIsMissing) {
  const auto update = FromJson<UserPreferencesUpdateDto>(R"({"memories":{"enabled":false},"people":{}})");
  EXPECT_EQ(ToJson(update), R"({"memories":{"enabled":false},"people":{}})");
}

std::string Capture(const std::string& name) {
  std::ifstream file("../shared/facts/captures/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The same JSON with object members in any order.
void ExpectSameJson(const std::string& actual, const std::string& expected) {
  EXPECT_EQ(json::Document::Parse(actual).root(), json::Document::Parse(expected).root()) << actual;
}

// A real answer of the original, read and written again, loses nothing. (It is of 3.1; the one member 3.2 added has a
// default.)
TEST(ContractJsonTest, ACapturedConfigurationRoundTrips) {
  const std::string captured = Capture("system-config-defaults.json");
  if (captured.empty()) GTEST_SKIP() << "../shared/facts/captures is not here";
  const auto config = FromJson<AdminConfigDto>(captured);
  EXPECT_EQ(config.ffmpeg.realtime.resolutions,
            (std::vector{HlsVideoResolution::k480, HlsVideoResolution::k720, HlsVideoResolution::k1080}));
  EXPECT_EQ(config.nightly_tasks.start_time, "00:00");
  ExpectSameJson(json::MergeText(ToJson(config), captured), ToJson(config));
  EXPECT_EQ(FromJson<AdminConfigDto>(ToJson(config)), config);
}

TEST(ContractJsonTest, CapturedAnswersHaveTheMembersWeWrite) {
  const std::string captured = Capture("server-features.json");
  if (captured.empty()) GTEST_SKIP() << "../shared/facts/captures is not here";
  ServerFeaturesDto features{};
  features.map = features.reverse_geocoding = features.sidecar = features.search = features.trash =
      features.password_login = true;
  ExpectSameJson(ToJson(features), captured);
  ServerStorageResponseDto storage{.disk_available = "65.7 GiB",
                                   .disk_available_raw = 70533713920,
                                   .disk_size = "252.0 GiB",
                                   .disk_size_raw = 270553174016,
                                   .disk_usage_percentage = 11.91,
                                   .disk_use = "30.0 GiB",
                                   .disk_use_raw = 32211566592};
  ExpectSameJson(ToJson(storage), Capture("server-storage.json"));
  ExpectSameJson(ToJson(ServerVersionResponseDto{.major = 3, .minor = 1, .patch = 0}), Capture("server-version.json"));
}

}  // namespace
}  // namespace immich::api
