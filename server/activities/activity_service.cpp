#include "server/activities/activity_service.hpp"

#include "api/codec/issue_list.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_error.hpp"
#include "server/core/access.hpp"
#include "server/core/user_view.hpp"
#include "slice_activities_sql.hpp"

namespace immich::activities {

namespace {

using api::Permission;
using api::ReactionType;

api::ActivityResponseDto ReadActivity(const pg::Row& row) {
  api::ActivityResponseDto activity;
  activity.id = row.Get<Uuid>(0);
  activity.created_at = row.Get<TimePoint>(1);
  activity.asset_id = row.Find<Uuid>(2);
  const auto comment = row.Find<std::string>(3);
  activity.comment = comment ? json::Maybe<std::string>(*comment) : json::Maybe<std::string>::Null();
  activity.type = row.Get<bool>(4) ? ReactionType::kLike : ReactionType::kComment;
  activity.user = ReadUserView(row, 5);
  return activity;
}

}  // namespace

Task<std::vector<api::ActivityResponseDto>> ActivityService::List(const AuthContext& auth,
                                                                  api::GetActivities::Input filter) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, AlbumId(filter.album_id));
  std::optional<bool> is_like;
  if (filter.type) is_like = *filter.type == ReactionType::kLike;
  const bool only_album = filter.level == api::ReactionLevel::kAlbum;
  pg::Params params{filter.album_id, filter.asset_id, only_album, is_like, filter.user_id};
  std::vector<api::ActivityResponseDto> activities;
  for (const pg::Row row : co_await db_.Run(sql::kActivityList, std::move(params))) {
    activities.push_back(ReadActivity(row));
  }
  co_return activities;
}

Task<api::ActivityStatisticsResponseDto> ActivityService::Statistics(const AuthContext& auth, Uuid album,
                                                                     std::optional<Uuid> asset) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, AlbumId(album));
  pg::Params params{album, asset};
  const pg::Result counted = co_await db_.Run(sql::kActivityStatisticsGet, std::move(params));
  api::ActivityStatisticsResponseDto statistics;
  statistics.comments = counted[0].Get<std::int64_t>(0);
  statistics.likes = counted[0].Get<std::int64_t>(1);
  co_return statistics;
}

Task<CreatedActivity> ActivityService::Create(const AuthContext& auth, api::ActivityCreateDto request) {
  const bool is_like = request.type == ReactionType::kLike;
  if (!is_like && request.comment.value_or("").empty()) api::ThrowIssue("comment", "A comment needs a text");
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, AlbumId(request.album_id));
  if (is_like) {
    pg::Params find{request.album_id, request.asset_id, auth.user.id};
    const pg::Result found = co_await db_.Run(sql::kActivityLikeFind, std::move(find));
    if (!found.empty()) co_return CreatedActivity{ReadActivity(found[0]), true};
  }
  std::optional<std::string> comment;
  if (!is_like) comment = std::move(request.comment);
  pg::Params params{request.album_id, request.asset_id, auth.user.id, comment};
  try {
    const pg::Result made = co_await db_.Run(sql::kActivityInsert, std::move(params));
    if (made.empty()) ThrowNoAccess(Permission::kActivityCreate);
    co_return CreatedActivity{ReadActivity(made[0]), false};
  } catch (const pg::QueryError& error) {
    if (!error.is_foreign_key_violation()) throw;
  }
  throw BadRequest("Asset is not in the album");
}

Task<void> ActivityService::Delete(const AuthContext& auth, Uuid id) {
  pg::Params params{id, auth.user.id};
  const pg::Result removed = co_await db_.Run(sql::kActivityDelete, std::move(params));
  if (removed.affected_rows() == 0) ThrowNoAccess(Permission::kActivityDelete);
}

}  // namespace immich::activities
