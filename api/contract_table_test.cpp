// The route table and the enums as a whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "api/albums_api.hpp"
#include "api/authentication_api.hpp"
#include "api/enums.hpp"
#include "api/route.hpp"
#include "api/sync_api.hpp"
#include "api/users_api.hpp"
#include "api/websocket_events.hpp"

namespace immich::api {
namespace {

const Route& RouteOf(std::string_view operation_id) {
  const auto routes = AllRoutes();
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [&](const Route& route) { return route.operation_id == operation_id; });
  if (found == routes.end()) throw std::out_of_range(std::string(operation_id));
  return *found;
}

TEST(ContractTableTest, HasEveryOperationOnce) {
  std::set<std::string_view> ids;
  std::set<std::pair<Verb, std::string_view>> places;
  std::size_t aliases = 0;
  for (const Route& route : AllRoutes()) {
    EXPECT_TRUE(ids.insert(route.operation_id).second) << route.operation_id;
    EXPECT_TRUE(places.emplace(route.verb, route.pattern).second) << route.pattern;
    EXPECT_TRUE(route.pattern.starts_with("/api/")) << route.pattern;
    if (route.alias == Verb::kNone) continue;
    ++aliases;
    EXPECT_TRUE(places.emplace(route.alias, route.pattern).second) << route.pattern;
  }
  EXPECT_EQ(ids.size(), 278U);
  EXPECT_EQ(aliases, 14U);
}

TEST(ContractTableTest, RowsSayWhoMayCall) {
  EXPECT_EQ(RouteOf("login").access, Access::kPublic);
  EXPECT_EQ(RouteOf("login").permission, std::nullopt);
  EXPECT_EQ(RouteOf("createUserAdmin").access, Access::kAdmin);
  EXPECT_EQ(RouteOf("createUserAdmin").permission, Permission::kAdminUserCreate);
  EXPECT_TRUE(RouteOf("getTimeBucket").shared_link);
  EXPECT_FALSE(RouteOf("getAllAlbums").shared_link);
  EXPECT_TRUE(RouteOf("validateAccessToken").any_key);
  EXPECT_TRUE(RouteOf("unlockAuthSession").session_only);
  EXPECT_EQ(RouteOf("updateMyUser").alias, Verb::kPatch);
  EXPECT_TRUE(RouteOf("updateMyUser").deprecated);
  const auto routes = AllRoutes();
  EXPECT_EQ(std::count_if(routes.begin(), routes.end(), [](const Route& route) { return route.shared_link; }), 18);
}

TEST(ContractTableTest, RowsSayWhatGoesInAndOut) {
  EXPECT_EQ(RouteOf("uploadAsset").body, BodyKind::kMultipart);
  EXPECT_EQ(RouteOf("uploadAsset").status, 201);
  EXPECT_EQ(RouteOf("logoutOAuth").body, BodyKind::kUrlencoded);
  EXPECT_EQ(RouteOf("viewAsset").response, ResponseKind::kBinary);
  EXPECT_EQ(RouteOf("getMainPlaylist").content_type, "application/vnd.apple.mpegurl");
  EXPECT_EQ(RouteOf("deleteAlbum").status, 204);
  EXPECT_EQ(RouteOf("deleteAlbum").response, ResponseKind::kEmpty);
}

TEST(ContractTableTest, OperationsCarryTheirRow) {
  static_assert(CreateAlbum::kRoute.status == 201 && CreateAlbum::kRoute.permission == Permission::kAlbumCreate);
  static_assert(std::is_same_v<GetAllAlbums::Output, std::vector<AlbumResponseDto>>);
  static_assert(std::is_void_v<DeleteAlbum::Output>);
  EXPECT_EQ(RouteOf("createAlbum").pattern, CreateAlbum::kRoute.pattern);
}

TEST(ContractTableTest, EnumsKnowTheirTexts) {
  EXPECT_EQ(ToString(Permission::kAll), "all");
  EXPECT_EQ(ToString(Permission::kAssetEditGet), "asset.edit.get");
  EXPECT_EQ(EnumSize<Permission>(), 168U);
  EXPECT_EQ(ToString(AssetTypeEnum::kImage), "IMAGE");
  EXPECT_EQ(ParseEnum<PartnerDirection>("shared-by"), PartnerDirection::kSharedBy);
  EXPECT_EQ(ParseEnum<PartnerDirection>("Shared-by"), std::nullopt);
  EXPECT_EQ(ParseEnum<AudioCodec>("pcm_s16le"), AudioCodec::kPcmS16le);
}

template <class E>
void ExpectAllTextsParse() {
  for (std::size_t i = 0; i < EnumSize<E>(); ++i) {
    const auto value = static_cast<E>(i);
    EXPECT_FALSE(ToString(value).empty());
    EXPECT_EQ(ParseEnum<E>(ToString(value)), value);
  }
  EXPECT_GT(EnumSize<E>(), 0U);
}

template <class... Es>
std::size_t ExpectAllEnumsParse(EnumList<Es...>) {
  (ExpectAllTextsParse<Es>(), ...);
  return sizeof...(Es);
}

TEST(ContractTableTest, EveryEnumRoundTrips) {
  EXPECT_EQ(ExpectAllEnumsParse(AllEnums{}), 58U);
}

TEST(ContractTableTest, EventsHaveNameRoomAndPayload) {
  EXPECT_EQ(events::OnUploadSuccess::kName, "on_upload_success");
  EXPECT_EQ(events::OnSessionDelete::kRoom, events::Room::kSession);
  static_assert(std::is_same_v<events::AppRestartV1::Payload, AppRestartV1>);
  static_assert(std::is_void_v<events::OnConfigUpdate::Payload>);
}

}  // namespace
}  // namespace immich::api
