#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/download_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"
#include "server/download/zip_stream.hpp"

namespace immich {
class Access;
class StoragePaths;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::download {

/// Downloads of many assets (facts: assets, "Download").
class DownloadService {
 public:
  DownloadService(pg::Db& db, Access& access, const StoragePaths& paths) : db_(db), access_(access), paths_(paths) {}

  /// Splits a selection into archives; the asset that makes one too large stays in it.
  Task<api::DownloadResponseDto> Plan(const AuthContext& auth, api::DownloadInfoDto request);
  /// The files of an archive with their names in it. Visitors of a link always get edited versions.
  Task<std::vector<ZipEntry>> Collect(const AuthContext& auth, api::DownloadArchiveDto request);

 private:
  struct Selected {
    AssetId id;
    std::string name;
    std::string path;
    std::int64_t bytes = 0;
    std::optional<AssetId> live_video;
  };
  struct Wishes {
    std::int64_t archive_bytes;
    bool with_embedded_videos;
  };

  Task<std::vector<AssetId>> Select(const AuthContext& auth, const api::DownloadInfoDto& request);
  Task<std::vector<Selected>> Load(std::vector<AssetId> ids, bool edited);
  Task<Wishes> LoadWishes(const AuthContext& auth);
  /// Puts the videos of live photos behind the assets.
  Task<void> AddLiveVideos(std::vector<Selected>& selected, bool with_embedded);

  pg::Db& db_;
  Access& access_;
  const StoragePaths& paths_;
};

}  // namespace immich::download
