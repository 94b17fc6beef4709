#include "server/assets/image_lookup.hpp"

#include <algorithm>
#include <utility>

#include "platform/pg/pg_pool.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

constexpr std::string_view kOriginal = "original";

/// Under which an answer is kept.
std::string KnownKey(const AssetId& id, std::string_view kind, bool edited) {
  std::string key;
  key.reserve(id.value.bytes.size() + 1 + kind.size());
  key.append(reinterpret_cast<const char*>(id.value.bytes.data()), id.value.bytes.size());
  key.append(1, edited ? 'e' : ' ').append(kind);
  return key;
}

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
  const std::string known_key = KnownKey(id, kind, edited);
  if (auto known = known_.Find<ImageFile>(known_key)) co_return known;
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

Task<std::shared_ptr<const ImageFile>> ImageLookup::FindOriginal(AssetId id) {
  std::string known_key = KnownKey(id, kOriginal, false);
  if (auto known = known_.Find<ImageFile>(known_key)) co_return known;
  const RowFeed::Position asked_at = known_.position();
  pg::Params params{id};
  const pg::Result rows = co_await db_.Run(sql::kAssetOriginalFind, std::move(params));
  if (rows.empty()) co_return nullptr;
  std::shared_ptr<const ImageFile> file = ReadImageFile(rows[0], 0);
  Keep(asked_at, std::move(known_key), id, file);
  co_return file;
}

Task<std::shared_ptr<const ImageLookup::Found>> ImageLookup::FindAll(std::vector<Key> keys) {
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  auto found = std::make_shared<Found>();
  for (const Key& key : keys) found->emplace(key, nullptr);
  const RowFeed::Position asked_at = known_.position();
  if (keys.size() == 1) {
    pg::Params params{keys[0].id, keys[0].kind, keys[0].edited};
    const pg::Result rows = co_await db_.Run(sql::kAssetImageFind, std::move(params));
    if (!rows.empty()) (*found)[keys[0]] = ReadImageFile(rows[0], 0);
    KeepFound(asked_at, *found);
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
  KeepFound(asked_at, *found);
  co_return found;
}

void ImageLookup::KeepFound(RowFeed::Position asked_at, const Found& found) {
  for (const auto& [key, file] : found) {
    // A file that is not there yet may come without a notice.
    if (file && file->path) Keep(asked_at, KnownKey(key.id, key.kind, key.edited), key.id, file);
  }
}

void ImageLookup::Keep(RowFeed::Position asked_at, std::string known_key, AssetId id,
                       const std::shared_ptr<const ImageFile>& file) {
  if (file->visibility == "locked") return;
  const std::size_t bytes =
      sizeof(ImageFile) + file->original_path.size() + file->original_file_name.size() + file->path.value_or("").size();
  known_.Keep(asked_at, std::move(known_key), file, {id.value}, bytes);
}

}  // namespace immich::assets
