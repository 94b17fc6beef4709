#pragma once

#include <memory>
#include <string>

#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class MediaWorkers;
class StoragePaths;
class SystemConfig;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::users {

/// Pictures of users: whatever is uploaded is kept as a thumbnail of the configured format and size (facts: storage).
class ProfileImageService {
 public:
  /// An upload beyond this is refused with 413.
  static constexpr std::uint64_t kMaxUploadBytes = 64ULL * 1024 * 1024;

  ProfileImageService(pg::Db& db, const SystemConfig& config, const StoragePaths& paths,
                      std::shared_ptr<MediaWorkers> media)
      : db_(db), config_(config), paths_(paths), media_(std::move(media)) {}

  /// Reads the multipart body, whose file is `file`. Throws BadRequest for what is not a picture.
  Task<api::CreateProfileImageResponseDto> Create(const AuthContext& auth, http::Request& request);
  /// Throws BadRequest without one.
  Task<void> Delete(const AuthContext& auth);
  /// Throws NotFound without one.
  Task<http::Response> Get(UserId user);

 private:
  /// Decodes `source` in a child process and gives the picture its place; the path of the result.
  Task<std::string> Convert(UserId user, std::string source);
  Task<void> RemoveOld(std::string path);

  pg::Db& db_;
  const SystemConfig& config_;
  const StoragePaths& paths_;
  std::shared_ptr<MediaWorkers> media_;
};

}  // namespace immich::users
