#include "server/smart_search/embedding_service.hpp"

#include <fmt/format.h>

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/clip_models.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/ml_client.hpp"
#include "server/core/system_config.hpp"
#include "server/smart_search/embedding_store.hpp"
#include "slice_smart_search_sql.hpp"

namespace immich::smart_search {

namespace {

bool IsOn(const api::AdminConfigMachineLearningDto& config) {
  return config.enabled && config.clip.enabled;
}

}  // namespace

Task<void> EmbeddingService::AdoptModel() {
  const std::string model = config_.current().machine_learning.clip.model_name;
  if (model == adopted_) co_return;
  const std::optional<int> dimension = ClipModelDimension(model);
  if (!dimension) throw InternalError(fmt::format("unknown CLIP model {}", model));
  bool forgot = false;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    EmbeddingStore store(tx);
    const EmbeddingModel known = co_await store.LockModel();
    // A database of the original does not say whose vectors it holds: they are of the model configured there.
    forgot = known.dimension != *dimension || (known.name && *known.name != model);
    if (forgot) co_await store.DeleteAll();
    if (known.dimension != *dimension) co_await store.SetDimension(*dimension);
    if (known.name != model) co_await store.SetModel(model);
  });
  if (forgot)
    log::Info("SmartSearch", "Model {} ({} numbers): the vectors of the last one are forgotten", model, *dimension);
  adopted_ = model;
}

Task<JobResult> EmbeddingService::Encode(AssetId asset) {
  const auto config = config_.current().machine_learning;
  if (!IsOn(config)) co_return JobResult::Skipped();
  EmbeddingStore store(db_);
  const std::optional<EmbeddingSource> source = co_await store.FindSource(asset);
  if (!source || source->is_hidden) co_return JobResult::Skipped();
  if (!source->preview_path) throw InternalError("no preview to encode");
  co_await AdoptModel();
  std::string model = config.clip.model_name;
  std::string vector = co_await ml_->EncodeImage(*source->preview_path, model);
  if (co_await store.Upsert(asset, std::move(vector), std::move(model))) co_return JobResult::Success();
  const std::optional<EmbeddingSource> now = co_await store.FindSource(asset);
  if (!now) co_return JobResult::Skipped();
  adopted_.clear();
  throw InternalError("the CLIP model was changed meanwhile");
}

Task<JobResult> EmbeddingService::QueueAll(bool all) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  co_await AdoptModel();
  if (all) {
    EmbeddingStore store(db_);
    co_await store.DeleteAll();
  }
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kEmbeddingAssetsList, std::move(params), "SmartSearch");
  co_return JobResult::Success();
}

}  // namespace immich::smart_search
