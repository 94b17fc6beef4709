#include "server/storage_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

#include "core_sql.hpp"
#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/storage_paths.hpp"

namespace immich {

namespace {

constexpr std::array kFolders = {StorageFolder::kEncodedVideo, StorageFolder::kLibrary, StorageFolder::kUpload,
                                 StorageFolder::kProfile,      StorageFolder::kThumbs,  StorageFolder::kBackups};
constexpr std::string_view kFlagsKey = "system-flags";
constexpr std::string_view kLocationKey = "MediaLocation";
// DatabaseLock::SystemFileMounts of the original.
constexpr std::int64_t kMountLock = 300;

std::string MarkerOf(const StoragePaths& paths, StorageFolder folder) {
  return paths.Folder(folder) + "/.immich";
}

/// Blocking. Compat: the content is the time of creation in milliseconds.
void CreateMarker(const StoragePaths& paths, StorageFolder folder) {
  fs::EnsureDirectory(paths.Folder(folder));
  fs::WriteFileAtomically(MarkerOf(paths, folder), std::to_string(UnixMilliseconds(Now())));
}

/// Blocking. Empty when the marker can be read and written, else the reason.
std::string CheckMarker(const StoragePaths& paths, StorageFolder folder) {
  return access(MarkerOf(paths, folder).c_str(), R_OK | W_OK) == 0 ? std::string{} : std::string(std::strerror(errno));
}

Task<boost::json::object> LoadFlags(pg::Pool& db) {
  pg::Params params{kFlagsKey};
  const pg::Result found = co_await db.Run(sql::kSystemMetadataFind, std::move(params));
  if (found.empty()) co_return boost::json::object{};
  boost::json::value stored = boost::json::parse(found[0].Get<std::string>(0));
  co_return stored.is_object() ? stored.as_object() : boost::json::object{};
}

Task<void> SaveFlags(pg::Pool& db, const boost::json::object& flags) {
  const std::string text = boost::json::serialize(flags);
  pg::Params params{kFlagsKey, pg::Json{text}};
  co_await db.Run(sql::kSystemMetadataUpsert, std::move(params));
}

Task<std::string> LoadLocation(pg::Db& db) {
  pg::Params params{kLocationKey};
  const pg::Result found = co_await db.Run(sql::kSystemMetadataFind, std::move(params));
  if (found.empty()) co_return std::string{};
  const boost::json::value stored = boost::json::parse(found[0].Get<std::string>(0));
  const auto* fields = stored.if_object();
  const auto* location = fields == nullptr ? nullptr : fields->if_contains("location");
  co_return location != nullptr && location->is_string() ? std::string(location->get_string()) : std::string{};
}

/// Compat: IMMICH_MEDIA_LOCATION: when the library moved, the stored paths follow.
Task<void> FollowLocation(pg::Pool& db, const StoragePaths& paths) {
  const std::string before = co_await LoadLocation(db);
  if (before == paths.root()) co_return;
  co_await db.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    if (!before.empty()) {
      pg::Params move{before, paths.root()};
      co_await tx.Run(sql::kMediaLocationMove, std::move(move));
    }
    const std::string text = boost::json::serialize(boost::json::object{{"location", paths.root()}});
    pg::Params store{kLocationKey, pg::Json{text}};
    co_await tx.Run(sql::kSystemMetadataUpsert, std::move(store));
  });
  if (!before.empty())
    log::Info("Storage", "The media location moved from {} to {}; stored paths were rewritten", before, paths.root());
}

}  // namespace

Task<void> CheckStorage(pg::Pool& db, const StoragePaths& paths, bool ignore_errors) {
  const auto lock = co_await db.WaitForAdvisoryLock(kMountLock);
  boost::json::object flags = co_await LoadFlags(db);
  if (!flags["mountChecks"].is_object()) flags["mountChecks"].emplace_object();
  boost::json::object& done = flags["mountChecks"].as_object();
  bool has_created = false;
  for (const StorageFolder folder : kFolders) {
    const std::string_view name = ToString(folder);
    if (!done.contains(name)) {
      co_await RunBlocking([&paths, folder] { CreateMarker(paths, folder); });
      done[name] = true;
      has_created = true;
    }
    const std::string problem = co_await RunBlocking([&paths, folder] { return CheckMarker(paths, folder); });
    if (problem.empty()) continue;
    const std::string message = fmt::format(
        "cannot use {}: {}. The folder held this file when the library was made; check that the volume is "
        "mounted at {} (IMMICH_IGNORE_MOUNT_CHECK_ERRORS=true goes on without)",
        MarkerOf(paths, folder), problem, paths.root());
    if (!ignore_errors) throw InternalError(message);
    log::Warn("Storage", "{}", message);
  }
  if (has_created) co_await SaveFlags(db, flags);
  co_await FollowLocation(db, paths);
}

}  // namespace immich
