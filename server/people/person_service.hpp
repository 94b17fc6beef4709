#pragma once

#include <string>
#include <vector>

#include "api/people_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/people/person_store.hpp"

namespace immich {
class Access;
class JobSink;
}  // namespace immich

namespace immich::people {

/// Queues PersonGenerateThumbnail, ahead of pictures of assets.
Task<void> QueuePersonThumbnails(JobSink& jobs, const std::vector<PersonId>& ids);

/// People of a user (facts: people).
class PersonService {
 public:
  PersonService(pg::Pool& db, Access& access, JobSink& jobs) : db_(db), access_(access), jobs_(jobs) {}

  Task<api::PeopleResponseDto> List(const AuthContext& auth, api::GetAllPeople::Input request);
  Task<api::PersonResponseDto> Get(const AuthContext& auth, PersonId id);
  Task<api::PersonStatisticsResponseDto> Statistics(const AuthContext& auth, PersonId id);
  /// Path of the picture; throws NotFound when there is none yet.
  Task<std::string> Thumbnail(const AuthContext& auth, PersonId id);
  Task<api::PersonResponseDto> Create(const AuthContext& auth, api::PersonCreateDto values);
  Task<api::PersonResponseDto> Update(const AuthContext& auth, PersonId id, api::PersonUpdateDto change);
  Task<std::vector<api::BulkIdResponseDto>> UpdateAll(const AuthContext& auth, api::PeopleUpdateDto changes);
  Task<void> Delete(const AuthContext& auth, std::vector<PersonId> ids);
  /// Makes `ids` one with `into`, which takes the first name and birth date it lacks. A result for each of `ids`.
  Task<std::vector<api::BulkIdResponseDto>> Merge(const AuthContext& auth, PersonId into, std::vector<PersonId> ids);
  /// The first of `ids` stays.
  Task<std::vector<api::BulkIdResponseDto>> Merge(const AuthContext& auth, std::vector<PersonId> ids);
  /// Gives faces of others to `id`; answers it once for each item that had a face.
  Task<std::vector<api::PersonResponseDto>> Reassign(const AuthContext& auth, PersonId id,
                                                     api::AssetFaceUpdateDto items);

 private:
  Task<Person> Require(const AuthContext& auth, api::Permission permission, PersonId id);
  Task<std::optional<FaceId>> ClosestFace(const AuthContext& auth, const api::GetAllPeople::Input& request);
  template <class Dto>
  Task<Person> Change(const AuthContext& auth, PersonId id, const Dto& change);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
};

}  // namespace immich::people
