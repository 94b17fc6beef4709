#include "server/assets/image_lookup.hpp"

#include <algorithm>
#include <utility>

#include "platform/pg/pg_pool.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

std::shared_ptr<const ImageFile> ReadImageFile(const pg::Row& row, int first) {
  auto file = std::make_shared<ImageFile>();
  file->owner = row.Get<UserId>(first);
  file->visibility = row.Get<std::string>(first + 1);
  file->original_path = row.Get<std::string>(first + 2);
  file->original_file_name = row.Get<std::string>(first + 3);
  file->is_edited = row.Get<bool>(first + 4);
  file->path = row.Find<std::string>(first + 5);
  return file;
}

}  // namespace

Task<std::shared_ptr<const ImageFile>> ImageLookup::Find(AssetId id, std::string kind, bool edited) {
  const Key key{id, std::move(kind), edited};
  wanted_.push_back(key);
  SharedCalls::Turn turn = co_await calls_.Enter("images");
  if (!turn.result()) {
    std::vector<Key> keys = std::exchange(wanted_, {});
    keys.push_back(key);
    turn.Finish(co_await FindAll(std::move(keys)));
  }
  std::shared_ptr<const Found> found = turn.result<Found>();
  // Somebody else took the question along and has not answered it to us: the usual end of a batch that failed.
  if (!found->contains(key)) found = co_await FindAll({key});
  co_return found->at(key);
}

Task<std::shared_ptr<const ImageLookup::Found>> ImageLookup::FindAll(std::vector<Key> keys) {
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  auto found = std::make_shared<Found>();
  for (const Key& key : keys) found->emplace(key, nullptr);
  if (keys.size() == 1) {
    pg::Params params{keys[0].id, keys[0].kind, keys[0].edited};
    const pg::Result rows = co_await db_.Run(sql::kAssetImageFind, std::move(params));
    if (!rows.empty()) (*found)[keys[0]] = ReadImageFile(rows[0], 0);
    co_return found;
  }
  std::vector<AssetId> ids;
  std::vector<std::string> kinds, edited;
  for (const Key& key : keys) {
    ids.push_back(key.id);
    kinds.push_back(key.kind);
    edited.emplace_back(key.edited ? "t" : "f");
  }
  pg::Params params{ids, kinds, edited};
  for (const pg::Row row : co_await db_.Run(sql::kAssetImageList, std::move(params))) {
    (*found)[keys[static_cast<std::size_t>(row.Get<std::int64_t>(0) - 1)]] = ReadImageFile(row, 1);
  }
  co_return found;
}

}  // namespace immich::assets
