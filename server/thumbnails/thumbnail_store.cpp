#include "server/thumbnails/thumbnail_store.hpp"

#include "slice_thumbnails_sql.hpp"

namespace immich::thumbnails {

namespace {

std::string FlagText(bool flag) {
  return flag ? "true" : "false";
}

}  // namespace

Task<std::optional<ThumbnailSource>> ThumbnailStore::FindSource(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kThumbnailSourceGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  const pg::Row row = rows[0];
  ThumbnailSource source;
  source.owner = row.Get<UserId>(0);
  source.is_video_asset = row.Get<std::string_view>(1) == "VIDEO";
  source.original_path = row.Get<std::string>(2);
  source.visibility = row.Get<std::string>(3);
  source.colorspace = row.Find<std::string>(4);
  source.profile_description = row.Find<std::string>(5);
  source.bits_per_sample = row.Find<int>(6);
  source.projection_type = row.Find<std::string>(7);
  auto actions = row.Get<std::vector<std::string>>("actions");
  auto parameters = row.Get<std::vector<std::string>>("parameters");
  for (std::size_t i = 0; i < actions.size(); ++i) {
    source.edits.emplace_back(std::move(actions[i]), std::move(parameters[i]));
  }
  co_return source;
}

Task<std::optional<std::vector<std::string>>> ThumbnailStore::Replace(AssetId asset, StoredThumbnails thumbnails) {
  std::vector<std::string> types, paths, edited, progressive, transparent;
  for (StoredRendition& rendition : thumbnails.renditions) {
    types.push_back(std::move(rendition.type));
    paths.push_back(std::move(rendition.path));
    edited.push_back(FlagText(rendition.is_edited));
    progressive.push_back(FlagText(rendition.is_progressive));
    transparent.push_back(FlagText(rendition.is_transparent));
  }
  pg::Params params{asset,
                    pg::Bytes{thumbnails.thumbhash},
                    thumbnails.width,
                    thumbnails.height,
                    types,
                    paths,
                    edited,
                    progressive,
                    transparent};
  const pg::Result rows = co_await db_.Run(sql::kThumbnailFilesStore, std::move(params));
  if (rows[0].Get<int>(0) == 0) co_return std::nullopt;
  co_return rows[0].Get<std::vector<std::string>>(1);
}

}  // namespace immich::thumbnails
