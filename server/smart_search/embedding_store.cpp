#include "server/smart_search/embedding_store.hpp"

#include <fmt/format.h>

#include "slice_smart_search_sql.hpp"

namespace immich::smart_search {

Task<std::optional<EmbeddingSource>> EmbeddingStore::FindSource(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kEmbeddingSourceGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  EmbeddingSource source;
  source.is_hidden = rows[0].Get<std::string_view>(0) == "hidden";
  source.preview_path = rows[0].Find<std::string>(1);
  co_return source;
}

Task<std::optional<std::string>> EmbeddingStore::Find(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kEmbeddingFind, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].Get<std::string>(0);
}

Task<bool> EmbeddingStore::Upsert(AssetId asset, std::string vector, std::string model) {
  pg::Params params{asset, vector, model};
  const pg::Result rows = co_await db_.Run(sql::kEmbeddingUpsert, std::move(params));
  co_return !rows.empty();
}

Task<void> EmbeddingStore::DeleteAll() {
  // No statement that can be prepared, but it leaves no dead entries in the index.
  co_await db_.RunDynamic("TRUNCATE smart_search");
}

Task<EmbeddingModel> EmbeddingStore::LockModel() {
  co_await db_.Run(sql::kEmbeddingModelLock);
  const pg::Result rows = co_await db_.Run(sql::kEmbeddingModelGet);
  EmbeddingModel model;
  model.name = rows[0].Find<std::string>(0);
  model.dimension = rows[0].Get<int>(1);
  co_return model;
}

Task<void> EmbeddingStore::SetModel(std::string name) {
  pg::Params params{name};
  co_await db_.Run(sql::kEmbeddingModelSet, std::move(params));
}

Task<void> EmbeddingStore::SetDimension(int dimension) {
  // DDL takes no bound values; the number comes from the table of models.
  co_await db_.RunDynamic(fmt::format("ALTER TABLE smart_search ALTER COLUMN embedding TYPE vector({})", dimension));
}

}  // namespace immich::smart_search
