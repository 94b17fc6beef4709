#include "server/server_info/server_info_store.hpp"

#include "platform/pg/pg_pool.hpp"
#include "slice_server_info_sql.hpp"

namespace immich::server_info {

namespace {

OwnerUsage ReadUsage(const pg::Row& row) {
  OwnerUsage usage;
  usage.owner = row.Get<Uuid>(0);
  usage.photos = row.Get<std::int64_t>(1);
  usage.videos = row.Get<std::int64_t>(2);
  usage.photo_bytes = row.Get<std::int64_t>(3);
  usage.video_bytes = row.Get<std::int64_t>(4);
  usage.all_bytes = row.Get<std::int64_t>(5);
  return usage;
}

}  // namespace

Task<SetupState> ServerInfoStore::GetSetupState() {
  const pg::Result rows = co_await db_.Run(sql::kServerSetupGet);
  co_return SetupState{rows[0].Get<bool>(0), rows[0].Get<bool>(1)};
}

Task<std::vector<api::UsageByUserDto>> ServerInfoStore::ListUsers() {
  std::vector<api::UsageByUserDto> users;
  for (const pg::Row row : co_await db_.Run(sql::kServerUserList)) {
    api::UsageByUserDto user;
    user.user_id = row.Get<Uuid>(0);
    user.user_name = row.Get<std::string>(1);
    user.quota_size_in_bytes = row.Find<std::int64_t>(2);
    users.push_back(std::move(user));
  }
  co_return users;
}

Task<std::vector<OwnerUsage>> ServerInfoStore::ListUsage() {
  std::vector<OwnerUsage> usage;
  for (const pg::Row row : co_await db_.Run(sql::kOwnerUsageList)) usage.push_back(ReadUsage(row));
  co_return usage;
}

Task<std::vector<api::ServerVersionHistoryResponseDto>> ServerInfoStore::ListVersions() {
  std::vector<api::ServerVersionHistoryResponseDto> versions;
  for (const pg::Row row : co_await db_.Run(sql::kVersionHistoryList)) {
    api::ServerVersionHistoryResponseDto version;
    version.id = row.Get<Uuid>(0);
    version.created_at = row.Get<TimePoint>(1);
    version.version = row.Get<std::string>(2);
    versions.push_back(std::move(version));
  }
  co_return versions;
}

Task<void> ServerInfoStore::InsertVersionUnlessLast(std::string version) {
  pg::Params params{version};
  co_await db_.Run(sql::kVersionHistoryInsert, std::move(params));
}

}  // namespace immich::server_info
