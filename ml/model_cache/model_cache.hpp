#pragma once

#include <filesystem>
#include <string_view>

#include "ml/model_cache/model_hub.hpp"
#include "ml/model_cache/model_location.hpp"

namespace immich::ml {

/// The folder of downloaded models. Several processes may share it: a lock file per model makes them wait for one
/// download. A model whose graph is there is complete, whoever put it there.
class ModelCache {
 public:
  ModelCache(std::filesystem::path folder, HubSettings settings)
      : folder_(std::move(folder)), settings_(std::move(settings)) {}

  ModelLocation Locate(std::string_view task, std::string_view type, std::string_view name) const {
    return LocateModel(folder_, task, type, name);
  }
  static bool IsComplete(const ModelLocation& location);

  /// Blocking. Downloads what is missing; files appear complete, checked and synced, the graph last. Interrupted
  /// downloads continue where they stopped. Throws ModelResourceError when it cannot be had.
  void Ensure(const ModelLocation& location) const;
  /// Blocking. Downloads everything afresh and replaces the files; what was there stays until then.
  void Renew(const ModelLocation& location) const;

 private:
  void Download(const ModelLocation& location, bool fresh) const;

  std::filesystem::path folder_;
  HubSettings settings_;
};

}  // namespace immich::ml
