#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class ClientEvents;
class JobSink;
class StoragePaths;
namespace api {
struct AssetMediaCreateDto;
}
namespace pg {
class Db;
class Pool;
}  // namespace pg
}  // namespace immich

namespace immich::assets {

struct UploadOutcome {
  enum class Kind { kCreated, kDuplicate };
  Kind kind = Kind::kCreated;
  AssetId id;
};

/// Takes files in. The walk of POST /assets: known checksum → multipart while it arrives, hashed and written in one
/// pass into the target file system → checks → fsync, rename → one transaction → enqueue. What was answered with 201 is
/// on disk and in the database. After a possible commit nothing here deletes a file: a break during COMMIT keeps it and
/// answers 500, and the integrity sweep decides.
class AssetUpload {
 public:
  AssetUpload(pg::Pool& db, JobSink& jobs, ClientEvents& events, const StoragePaths& paths)
      : db_(db), jobs_(jobs), events_(events), paths_(paths) {}

  /// The owner's asset with the content of header `x-immich-checksum` (hex, or base64 when 28 characters long).
  Task<std::optional<AssetId>> FindByChecksumHeader(const AuthContext& auth, std::string_view header);

  /// Reads the body of `request`. Throws ValidationError and BadRequest with the documented texts, Unavailable 507 when
  /// the disk is full; then nothing of the upload stays.
  Task<UploadOutcome> Receive(const AuthContext& auth, http::Request& request);

 private:
  struct Upload;
  struct Inserted;

  Task<UploadOutcome> Commit(const AuthContext& auth, Upload& upload);
  static Task<void> Publish(Upload& upload);
  Task<Inserted> Insert(const AuthContext& auth, const Upload& upload);
  Task<void> Announce(const AuthContext& auth, const Upload& upload, const Inserted& inserted);
  Task<void> InsertMetadata(pg::Db& db, AssetId asset, const api::AssetMediaCreateDto& form);
  Task<void> AddToSharedLink(pg::Db& db, const AuthContext& auth, AssetId asset);

  pg::Pool& db_;
  JobSink& jobs_;
  ClientEvents& events_;
  const StoragePaths& paths_;
};

/// Bytes of a checksum as clients write it: 28 characters of base64 or 40 of hex; nullopt for anything else.
std::optional<std::vector<std::uint8_t>> ParseChecksum(std::string_view text);

}  // namespace immich::assets
