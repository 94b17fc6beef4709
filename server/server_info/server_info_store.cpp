#include "server/server_info/server_info_store.hpp"

#include "platform/pg/pg_pool.hpp"
#include "slice_server_info_sql.hpp"

namespace immich::server_info {

namespace {

api::UsageByUserDto ReadUsage(const pg::Row& row) {
  api::UsageByUserDto usage;
  usage.user_id = row.Get<Uuid>(0);
  usage.user_name = row.Get<std::string>(1);
  usage.quota_size_in_bytes = row.Find<std::int64_t>(2);
  usage.photos = row.Get<std::int64_t>(3);
  usage.videos = row.Get<std::int64_t>(4);
  usage.usage_photos = row.Get<std::int64_t>(5);
  usage.usage_videos = row.Get<std::int64_t>(6);
  usage.usage = row.Get<std::int64_t>(7);
  return usage;
}

}  // namespace

Task<SetupState> ServerInfoStore::GetSetupState() {
  const pg::Result rows = co_await db_.Run(sql::kServerSetupGet);
  co_return SetupState{rows[0].Get<bool>(0), rows[0].Get<bool>(1)};
}

Task<std::vector<api::UsageByUserDto>> ServerInfoStore::ListUsage() {
  std::vector<api::UsageByUserDto> users;
  for (const pg::Row row : co_await db_.Run(sql::kServerUsageList)) users.push_back(ReadUsage(row));
  co_return users;
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
