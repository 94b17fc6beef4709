#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/people_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich::people {

using FaceId = Id<struct FaceIdTag>;

/// A person's row as the API shows it.
struct Person {
  api::PersonResponseDto view;
  std::optional<FaceId> feature_face;
};

/// Reads the eight columns id … updatedAt from column `first` on.
api::PersonResponseDto ReadPersonView(const pg::Row& row, int first);

struct PersonPage {
  std::vector<api::PersonResponseDto> people;
  std::int64_t total = 0, hidden = 0;
};

struct PersonQuery {
  std::int64_t enough_faces = 3;
  bool with_hidden = false;
  std::int64_t limit = 0, offset = 0;
  /// Sort by likeness to this face.
  std::optional<FaceId> closest_to;
};

/// What is left out stays as it is; an inner nullopt clears.
struct PersonChange {
  std::optional<std::string> name;
  std::optional<std::optional<std::string>> birth_date, color;
  std::optional<bool> is_hidden, is_favorite;
  std::optional<FaceId> feature_face;
};

class PersonStore {
 public:
  explicit PersonStore(pg::Db& db) : db_(db) {}

  Task<PersonPage> List(UserId owner, PersonQuery query);
  /// Those of `ids` that belong to `owner`.
  Task<std::vector<Person>> Find(std::vector<PersonId> ids, UserId owner);
  /// Those of `ids` that belong to anybody.
  Task<std::vector<PersonId>> Existing(std::vector<PersonId> ids);
  Task<Person> Insert(UserId owner, PersonChange values);
  Task<std::optional<Person>> Update(PersonId id, PersonChange change);
  /// Paths of pictures that nothing refers to any more.
  Task<std::vector<std::string>> Delete(std::vector<PersonId> ids);
  Task<std::vector<std::string>> DeleteEmpty();
  Task<std::int64_t> CountAssets(PersonId id);
  Task<std::optional<FaceId>> FindFaceOf(PersonId id, AssetId asset);
  Task<void> MoveFaces(PersonId from, PersonId to);
  /// How many faces there were.
  Task<std::size_t> MoveFacesOfAsset(PersonId from, AssetId asset, PersonId to);
  /// Gives a remaining face to those whose feature face is gone; answers who needs a new picture.
  Task<std::vector<PersonId>> RenewFeatures(std::vector<PersonId> ids);

 private:
  pg::Db& db_;
};

}  // namespace immich::people
