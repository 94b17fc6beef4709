#include "server/people/person_service.hpp"

#include <algorithm>

#include "api/codec/issue_list.hpp"
#include "platform/error/error.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/access.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/user_preferences.hpp"
#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

using api::Permission;

/// Absent: no change; null: cleared.
std::optional<std::optional<std::string>> Change(const json::Maybe<std::string>& value) {
  if (value.is_absent()) return std::nullopt;
  return value.nullable();
}

void CheckBirthDate(const json::Maybe<std::string>& birth_date) {
  if (birth_date.has_value() && *birth_date > ToIsoDate(Now())) {
    api::ThrowIssue("birthDate", "Birth date cannot be in the future");
  }
}

api::BulkIdResponseDto Outcome(PersonId id, std::optional<api::BulkIdErrorReason> error = std::nullopt) {
  api::BulkIdResponseDto outcome;
  outcome.id = id.value;
  outcome.success = !error;
  outcome.error = error;
  return outcome;
}

template <class Dto>
PersonChange ChangeOf(const Dto& dto) {
  CheckBirthDate(dto.birth_date);
  PersonChange change;
  change.name = dto.name;
  change.birth_date = Change(dto.birth_date);
  change.color = Change(dto.color);
  change.is_hidden = dto.is_hidden;
  change.is_favorite = dto.is_favorite;
  return change;
}

}  // namespace

Task<void> QueuePersonThumbnails(JobSink& jobs, const std::vector<PersonId>& ids) {
  std::vector<JobSink::Request> requests;
  for (const PersonId& id : ids) {
    JobSink::Request request{.name = "PersonGenerateThumbnail", .data = JobDataWithId(id.value), .options = {}};
    request.options.priority = true;
    requests.push_back(std::move(request));
  }
  if (!requests.empty()) co_await jobs.EnqueueOrLog(std::move(requests));
}

Task<Person> PersonService::Require(const AuthContext& auth, Permission permission, PersonId id) {
  PersonStore store(db_);
  std::vector<PersonId> ids{id};
  std::vector<Person> found = co_await store.Find(std::move(ids), auth.user.id);
  if (found.empty()) ThrowNoAccess(permission);
  co_return std::move(found[0]);
}

Task<std::optional<FaceId>> PersonService::ClosestFace(const AuthContext& auth,
                                                       const api::GetAllPeople::Input& request) {
  if (request.closest_person_id) {
    const Person person = co_await Require(auth, Permission::kPersonRead, PersonId(*request.closest_person_id));
    if (!person.feature_face) throw NotFound("Person not found");
    co_return person.feature_face;
  }
  // Compat: GET /people: `closestAssetId` is what the web app calls a person's faceAssetId, the id of a face.
  if (request.closest_asset_id) co_return FaceId(*request.closest_asset_id);
  co_return std::nullopt;
}

Task<api::PeopleResponseDto> PersonService::List(const AuthContext& auth, api::GetAllPeople::Input request) {
  PersonQuery query;
  query.with_hidden = request.with_hidden.value_or(false);
  query.limit = request.size + 1;
  query.offset = (request.page - 1) * request.size;
  query.closest_to = co_await ClosestFace(auth, request);
  const api::UserPreferencesResponseDto preferences = co_await LoadPreferences(db_, auth.user.id);
  query.enough_faces = preferences.people.minimum_faces.value_or(3);
  PersonStore store(db_);
  PersonPage page = co_await store.List(auth.user.id, std::move(query));
  api::PeopleResponseDto response;
  response.has_next_page = std::ssize(page.people) > request.size;
  if (*response.has_next_page) page.people.pop_back();
  response.people = std::move(page.people);
  response.total = page.total;
  response.hidden = page.hidden;
  co_return response;
}

Task<api::PersonResponseDto> PersonService::Get(const AuthContext& auth, PersonId id) {
  Person person = co_await Require(auth, Permission::kPersonRead, id);
  co_return std::move(person.view);
}

Task<api::PersonStatisticsResponseDto> PersonService::Statistics(const AuthContext& auth, PersonId id) {
  co_await Require(auth, Permission::kPersonRead, id);
  PersonStore store(db_);
  api::PersonStatisticsResponseDto statistics;
  statistics.assets = co_await store.CountAssets(id);
  co_return statistics;
}

Task<std::string> PersonService::Thumbnail(const AuthContext& auth, PersonId id) {
  Person person = co_await Require(auth, Permission::kPersonRead, id);
  if (person.view.thumbnail_path.empty()) throw NotFound("Not Found");
  co_return std::move(person.view.thumbnail_path);
}

Task<api::PersonResponseDto> PersonService::Create(const AuthContext& auth, api::PersonCreateDto values) {
  PersonStore store(db_);
  Person person = co_await store.Insert(auth.user.id, ChangeOf(values));
  co_return std::move(person.view);
}

template <class Dto>
Task<Person> PersonService::Change(const AuthContext& auth, PersonId id, const Dto& dto) {
  co_await Require(auth, Permission::kPersonUpdate, id);
  PersonStore store(db_);
  PersonChange change = ChangeOf(dto);
  if (dto.feature_face_asset_id) {
    const AssetId asset(*dto.feature_face_asset_id);
    co_await access_.RequireAsset(auth, Permission::kAssetRead, asset);
    change.feature_face = co_await store.FindFaceOf(id, asset);
    if (!change.feature_face) throw BadRequest("Invalid assetId for feature face");
  }
  const bool has_new_face = change.feature_face.has_value();
  std::optional<Person> person = co_await store.Update(id, std::move(change));
  if (!person) ThrowNoAccess(Permission::kPersonUpdate);
  if (has_new_face) {
    const std::vector<PersonId> changed{id};
    co_await QueuePersonThumbnails(jobs_, changed);
  }
  co_return std::move(*person);
}

Task<api::PersonResponseDto> PersonService::Update(const AuthContext& auth, PersonId id, api::PersonUpdateDto change) {
  Person person = co_await Change(auth, id, change);
  co_return std::move(person.view);
}

Task<std::vector<api::BulkIdResponseDto>> PersonService::UpdateAll(const AuthContext& auth,
                                                                   api::PeopleUpdateDto changes) {
  std::vector<api::BulkIdResponseDto> outcomes;
  for (const api::PeopleUpdateItem& item : changes.people) {
    const PersonId id(item.id);
    try {
      co_await Change(auth, id, item);
      outcomes.push_back(Outcome(id));
    } catch (const Unavailable&) {
      throw;
    } catch (const Error&) {
      // Compat: PUT /people: whatever went wrong with one of them.
      outcomes.push_back(Outcome(id, api::BulkIdErrorReason::kUnknown));
    }
  }
  co_return outcomes;
}

Task<void> PersonService::Delete(const AuthContext& auth, std::vector<PersonId> ids) {
  PersonStore store(db_);
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  const std::vector<Person> owned = co_await store.Find(ids, auth.user.id);
  if (owned.size() != ids.size()) ThrowNoAccess(Permission::kPersonDelete);
  std::vector<std::string> pictures = co_await store.Delete(std::move(ids));
  co_await RemoveFiles(std::move(pictures));
}

Task<std::vector<api::BulkIdResponseDto>> PersonService::Merge(const AuthContext& auth, PersonId into,
                                                               std::vector<PersonId> ids) {
  if (std::ranges::find(ids, into) != ids.end()) throw BadRequest("Cannot merge a person into themselves");
  co_await Require(auth, Permission::kPersonUpdate, into);
  std::vector<api::BulkIdResponseDto> outcomes;
  std::vector<std::string> pictures;
  std::vector<PersonId> renewed;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    outcomes.clear();
    pictures.clear();
    PersonStore store(tx);
    std::vector<PersonId> self{into};
    std::vector<Person> target = co_await store.Find(self, auth.user.id);
    if (target.empty()) ThrowNoAccess(Permission::kPersonUpdate);
    const std::vector<Person> owned = co_await store.Find(ids, auth.user.id);
    const std::vector<PersonId> existing = co_await store.Existing(ids);
    for (const PersonId& id : ids) {
      const auto merged = std::ranges::find_if(owned, [&](const Person& person) { return person.view.id == id.value; });
      if (merged == owned.end()) {
        const bool exists = std::ranges::find(existing, id) != existing.end();
        outcomes.push_back(
            Outcome(id, exists ? api::BulkIdErrorReason::kNoPermission : api::BulkIdErrorReason::kNotFound));
        continue;
      }
      PersonChange change;
      if (target[0].view.name.empty() && !merged->view.name.empty()) change.name = merged->view.name;
      if (!target[0].view.birth_date && merged->view.birth_date) change.birth_date = merged->view.birth_date;
      if (change.name || change.birth_date) target[0] = *co_await store.Update(into, std::move(change));
      co_await store.MoveFaces(id, into);
      std::vector<PersonId> gone{id};
      for (std::string& path : co_await store.Delete(std::move(gone))) pictures.push_back(std::move(path));
      outcomes.push_back(Outcome(id));
    }
    renewed = co_await store.RenewFeatures(std::move(self));
  });
  co_await RemoveFiles(std::move(pictures));
  co_await QueuePersonThumbnails(jobs_, renewed);
  co_return outcomes;
}

Task<std::vector<api::BulkIdResponseDto>> PersonService::Merge(const AuthContext& auth, std::vector<PersonId> ids) {
  if (ids.size() < 2) throw BadRequest("At least two people are needed to merge");
  const PersonId into = ids.front();
  ids.erase(ids.begin());
  co_return co_await Merge(auth, into, std::move(ids));
}

Task<std::vector<api::PersonResponseDto>> PersonService::Reassign(const AuthContext& auth, PersonId id,
                                                                  api::AssetFaceUpdateDto items) {
  const Person person = co_await Require(auth, Permission::kPersonUpdate, id);
  std::vector<api::PersonResponseDto> changed;
  std::vector<PersonId> touched{id};
  for (const api::AssetFaceUpdateItem& item : items.data) touched.emplace_back(item.person_id);
  std::ranges::sort(touched);
  touched.erase(std::ranges::unique(touched).begin(), touched.end());
  std::vector<PersonId> renewed;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    changed.clear();
    PersonStore store(tx);
    const std::vector<Person> owned = co_await store.Find(touched, auth.user.id);
    if (owned.size() != touched.size()) ThrowNoAccess(Permission::kPersonCreate);
    for (const api::AssetFaceUpdateItem& item : items.data) {
      const std::size_t faces = co_await store.MoveFacesOfAsset(PersonId(item.person_id), AssetId(item.asset_id), id);
      if (faces > 0) changed.push_back(person.view);
    }
    renewed = co_await store.RenewFeatures(touched);
  });
  co_await QueuePersonThumbnails(jobs_, renewed);
  co_return changed;
}

}  // namespace immich::people
