#include "server/people/person_store.hpp"

#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

constexpr int kPersonColumns = 8;

Person ReadPerson(const pg::Row& row) {
  Person person;
  person.view = ReadPersonView(row, 0);
  person.feature_face = row.Find<FaceId>(kPersonColumns);
  return person;
}

std::vector<std::string> ReadPaths(const pg::Result& rows) {
  std::vector<std::string> paths;
  for (const pg::Row row : rows) {
    if (auto path = row.Get<std::string>(0); !path.empty()) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace

api::PersonResponseDto ReadPersonView(const pg::Row& row, int first) {
  api::PersonResponseDto person;
  person.id = row.Get<Uuid>(first);
  person.name = row.Get<std::string>(first + 1);
  if (const auto birth_date = row.Find<TimePoint>(first + 2)) person.birth_date = ToIsoDate(*birth_date);
  person.thumbnail_path = row.Get<std::string>(first + 3);
  person.is_hidden = row.Get<bool>(first + 4);
  person.is_favorite = row.Get<bool>(first + 5);
  person.color = row.Find<std::string>(first + 6);
  person.updated_at = row.Get<TimePoint>(first + 7);
  return person;
}

Task<PersonPage> PersonStore::List(UserId owner, PersonQuery query) {
  pg::Params params{owner,        query.enough_faces,           query.with_hidden, query.limit,
                    query.offset, query.closest_to.has_value(), query.closest_to};
  const pg::Result rows = co_await db_.Run(sql::kPersonPageGet, std::move(params));
  PersonPage page;
  page.total = rows[0].Get<std::int64_t>(kPersonColumns);
  page.hidden = rows[0].Get<std::int64_t>(kPersonColumns + 1);
  for (const pg::Row row : rows) {
    if (!row.IsNull(0)) page.people.push_back(ReadPersonView(row, 0));
  }
  co_return page;
}

Task<std::vector<Person>> PersonStore::Find(std::vector<PersonId> ids, UserId owner) {
  pg::Params params{ids, owner};
  std::vector<Person> people;
  for (const pg::Row row : co_await db_.Run(sql::kPersonFind, std::move(params))) people.push_back(ReadPerson(row));
  co_return people;
}

Task<std::vector<PersonId>> PersonStore::Existing(std::vector<PersonId> ids) {
  pg::Params params{ids};
  std::vector<PersonId> existing;
  for (const pg::Row row : co_await db_.Run(sql::kPersonExists, std::move(params))) {
    existing.push_back(row.Get<PersonId>(0));
  }
  co_return existing;
}

Task<Person> PersonStore::Insert(UserId owner, PersonChange values) {
  pg::Params params{owner,
                    values.name.value_or(""),
                    values.birth_date.value_or(std::nullopt),
                    values.is_hidden.value_or(false),
                    values.is_favorite.value_or(false),
                    values.color.value_or(std::nullopt),
                    values.feature_face};
  const pg::Result rows = co_await db_.Run(sql::kPersonInsert, std::move(params));
  co_return ReadPerson(rows[0]);
}

Task<std::optional<Person>> PersonStore::Update(PersonId id, PersonChange change) {
  pg::Params params{id,
                    change.name,
                    change.birth_date.has_value(),
                    change.birth_date.value_or(std::nullopt),
                    change.is_hidden,
                    change.is_favorite,
                    change.color.has_value(),
                    change.color.value_or(std::nullopt),
                    change.feature_face};
  const pg::Result rows = co_await db_.Run(sql::kPersonUpdate, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  co_return ReadPerson(rows[0]);
}

Task<std::vector<std::string>> PersonStore::Delete(std::vector<PersonId> ids) {
  pg::Params params{ids};
  co_return ReadPaths(co_await db_.Run(sql::kPersonDelete, std::move(params)));
}

Task<std::vector<std::string>> PersonStore::DeleteEmpty() {
  co_return ReadPaths(co_await db_.Run(sql::kPersonDeleteEmpty));
}

Task<std::int64_t> PersonStore::CountAssets(PersonId id) {
  pg::Params params{id};
  const pg::Result rows = co_await db_.Run(sql::kPersonAssetCount, std::move(params));
  co_return rows[0].Get<std::int64_t>(0);
}

Task<std::optional<FaceId>> PersonStore::FindFaceOf(PersonId id, AssetId asset) {
  pg::Params params{id, asset};
  const pg::Result rows = co_await db_.Run(sql::kPersonFaceOfAsset, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].Get<FaceId>(0);
}

Task<void> PersonStore::MoveFaces(PersonId from, PersonId to) {
  pg::Params params{from, to};
  co_await db_.Run(sql::kPersonFacesMove, std::move(params));
}

Task<std::size_t> PersonStore::MoveFacesOfAsset(PersonId from, AssetId asset, PersonId to) {
  pg::Params params{from, asset, to};
  const pg::Result rows = co_await db_.Run(sql::kPersonFacesOfAssetMove, std::move(params));
  co_return rows.size();
}

Task<std::vector<PersonId>> PersonStore::RenewFeatures(std::vector<PersonId> ids) {
  pg::Params params{ids};
  std::vector<PersonId> renewed;
  for (const pg::Row row : co_await db_.Run(sql::kPersonFeatureRenew, std::move(params))) {
    if (!row.IsNull(1)) renewed.push_back(row.Get<PersonId>(0));
  }
  co_return renewed;
}

}  // namespace immich::people
