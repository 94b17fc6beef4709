#include "server/file_migration/file_migration_service.hpp"

#include <array>
#include <utility>
#include <vector>

#include "media/mime/media_types.hpp"
#include "platform/async/blocking.hpp"
#include "server/core/empty_folders.hpp"
#include "server/core/job_batches.hpp"
#include "slice_file_migration_sql.hpp"

namespace immich::file_migration {

std::string PlaceOf(const StoragePaths& paths, UserId owner, AssetId asset, std::string_view type, bool is_edited,
                    std::string_view path) {
  if (type == ToString(AssetFileKind::kEncodedVideo)) return paths.EncodedVideo(owner, asset);
  std::string_view format = media::FileExtension(path);
  if (format.empty()) return {};
  format.remove_prefix(1);
  for (const AssetFileKind kind : {AssetFileKind::kPreview, AssetFileKind::kThumbnail, AssetFileKind::kFullsize}) {
    if (type == ToString(kind)) return paths.Image(owner, asset, kind, is_edited, format);
  }
  return {};
}

Task<JobResult> FileMigrationService::MigrateAsset(AssetId asset) {
  pg::Params params{asset};
  const pg::Result files = co_await db_.Run(sql::kMigrationFilesGet, std::move(params));
  if (files.empty()) co_return JobResult::Skipped();
  for (const pg::Row file : files) {
    FileMove move{
        .entity = asset.value, .path_type = file.Get<std::string>(1), .from = file.Get<std::string>(2), .to = {}};
    move.to = PlaceOf(paths_, file.Get<UserId>(0), asset, move.path_type, file.Get<bool>(3), move.from);
    move.replace = true;
    if (!move.to.empty()) co_await mover_.Move(std::move(move));
  }
  co_return JobResult::Success();
}

Task<JobResult> FileMigrationService::MigratePerson(PersonId person) {
  pg::Params params{person};
  const pg::Result rows = co_await db_.Run(sql::kMigrationPersonGet, std::move(params));
  if (rows.empty()) co_return JobResult::Skipped();
  FileMove move{.entity = person.value, .path_type = "face", .from = rows[0].Get<std::string>(1), .to = {}};
  move.to = paths_.PersonThumbnail(rows[0].Get<UserId>(0), person);
  move.replace = true;
  co_await mover_.Move(std::move(move));
  co_return JobResult::Success();
}

Task<void> FileMigrationService::RemoveEmpty() {
  const std::vector<std::string> makers{"thumbnailGeneration", "videoConversion", "editor", "migration"};
  // This job is the one that runs in `migration`.
  std::int64_t busy = -1;
  for (const queue::QueueCounts& counts : co_await queues_.CountsOf(makers)) busy += counts.active + counts.waiting;
  if (busy > 0) co_return;
  const std::array<std::string, 2> folders{paths_.Folder(StorageFolder::kThumbs),
                                           paths_.Folder(StorageFolder::kEncodedVideo)};
  co_await RunBlocking([folders] {
    for (const std::string& folder : folders) RemoveEmptyFolders(folder);
  });
}

Task<JobResult> FileMigrationService::QueueAll() {
  co_await RemoveEmpty();
  co_await EnqueueForEach(db_, jobs_, sql::kMigrationAssetsList, pg::Params{}, "AssetFileMigration");
  co_await EnqueueForEach(db_, jobs_, sql::kMigrationPeopleList, pg::Params{}, "PersonFileMigration");
  co_return JobResult::Success();
}

}  // namespace immich::file_migration
