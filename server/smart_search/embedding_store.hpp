#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich::smart_search {

/// An asset as a smart-search job sees it.
struct EmbeddingSource {
  bool is_hidden = false;
  std::optional<std::string> preview_path;
};

/// What the vectors in the database are made by.
struct EmbeddingModel {
  std::optional<std::string> name;
  int dimension = 0;
};

class EmbeddingStore {
 public:
  explicit EmbeddingStore(pg::Db& db) : db_(db) {}

  Task<std::optional<EmbeddingSource>> FindSource(AssetId asset);
  /// Vector literal.
  Task<std::optional<std::string>> Find(AssetId asset);
  /// False when the asset is gone or vectors of `model` are not wanted any more.
  Task<bool> Upsert(AssetId asset, std::string vector, std::string model);
  Task<void> DeleteAll();

  /// In a transaction: nobody else changes the model until it ends.
  Task<EmbeddingModel> LockModel();
  Task<void> SetModel(std::string name);
  /// For an empty table; the index follows by itself.
  Task<void> SetDimension(int dimension);

 private:
  pg::Db& db_;
};

}  // namespace immich::smart_search
