#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/views_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/library_cache.hpp"

namespace immich::views {

/// The caller's timeline by the folders of the original files (facts: assets, "Folder view").
class FolderViewService {
 public:
  FolderViewService(pg::Db& db, std::shared_ptr<LibraryCache> library) : db_(db), library_(std::move(library)) {}

  /// JSON array of the folders that hold originals themselves, without a slash at the end, sorted.
  Task<LibraryCache::Body> Folders(const AuthContext& auth);
  /// What lies in `folder` itself, by file name; a slash at the end of `folder` counts for nothing.
  Task<std::vector<api::AssetResponseDto>> Assets(const AuthContext& auth, std::string folder);

 private:
  pg::Db& db_;
  std::shared_ptr<LibraryCache> library_;
};

}  // namespace immich::views
