#pragma once

#include <vector>

#include "api/faces_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/people/person_store.hpp"

namespace immich {
class Access;
class JobSink;
}  // namespace immich

namespace immich::people {

/// Faces in pictures (facts: people). Boxes of clients are in the edited picture, those in the database in the unedited
/// one.
class FaceService {
 public:
  FaceService(pg::Pool& db, Access& access, JobSink& jobs) : db_(db), access_(access), jobs_(jobs) {}

  /// A face of somebody else's person has none.
  Task<std::vector<api::AssetFaceResponseDto>> List(const AuthContext& auth, AssetId asset);
  Task<void> Create(const AuthContext& auth, api::AssetFaceCreateDto face);
  /// Marks the face as deleted, or deletes it for good with `force`.
  Task<void> Delete(const AuthContext& auth, FaceId face, bool force);
  Task<api::PersonResponseDto> Assign(const AuthContext& auth, FaceId face, PersonId person);

 private:
  Task<std::optional<PersonId>> RequireFace(const AuthContext& auth, api::Permission permission, FaceId face);
  Task<void> RenewFeatures(std::vector<PersonId> people);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
};

}  // namespace immich::people
