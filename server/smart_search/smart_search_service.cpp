#include "server/smart_search/smart_search_service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/ml_client.hpp"
#include "server/core/system_config.hpp"
#include "server/search/search_scope.hpp"
#include "server/smart_search/embedding_store.hpp"
#include "server/smart_search/nearest_query.hpp"

namespace immich::smart_search {

Task<std::string> SmartSearchService::VectorOfText(std::string text, std::optional<std::string> language) {
  std::string model = config_.current().machine_learning.clip.model_name;
  std::string key = model + '\n' + language.value_or("") + '\n' + text;
  const auto known = std::ranges::find(texts_, key, &KnownText::key);
  if (known != texts_.end()) {
    texts_.splice(texts_.begin(), texts_, known);
    co_return texts_.front().vector;
  }
  std::string vector;
  try {
    vector = co_await ml_->EncodeText(std::move(text), std::move(model), std::move(language));
  } catch (const InternalError&) {
    // MlService has logged why.
    throw Unavailable("Smart search is not available: no machine learning service could encode the query");
  }
  texts_.push_front({std::move(key), vector});
  if (texts_.size() > kMaxTexts) texts_.pop_back();
  co_return vector;
}

Task<std::string> SmartSearchService::VectorOf(const AuthContext& auth, const api::SmartSearchDto& request) {
  if (request.query) co_return co_await VectorOfText(*request.query, request.language);
  if (!request.query_asset_id) throw BadRequest("Either `query` or `queryAssetId` must be set");
  const AssetId asset(*request.query_asset_id);
  co_await access_.RequireAsset(auth, api::Permission::kAssetRead, asset);
  EmbeddingStore store(db_);
  std::optional<std::string> vector = co_await store.Find(asset);
  if (!vector) throw BadRequest(fmt::format("Asset {} has no embedding", asset.ToString()));
  co_return std::move(*vector);
}

Task<pg::Result> SmartSearchService::Nearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                                             const std::string& vector) {
  const NearestPage page{.offset = (request.page.value_or(1) - 1) * request.size, .limit = request.size + 1};
  co_return co_await FindNearest(db_, scope, request, vector, page);
}

Task<api::SearchResponseDto> SmartSearchService::Search(const AuthContext& auth, api::SmartSearchDto request) {
  const auto& machine_learning = config_.current().machine_learning;
  if (!machine_learning.enabled || !machine_learning.clip.enabled) throw BadRequest("Smart search is not enabled");
  const search::SearchScope scope = co_await search::ResolveScope(db_, access_, auth, request);
  const std::string vector = co_await VectorOf(auth, request);
  const pg::Result rows = co_await Nearest(scope, request, vector);
  const auto count = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(request.size));
  const bool shows_exif = !auth.shared_link || auth.shared_link->show_exif;
  api::SearchResponseDto response;
  std::vector<api::AssetResponseDto>& items = response.assets.items;
  items.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    ReadAssetView(rows[i], 0, auth, shows_exif && request.with_exif.value_or(false), items[i]);
    items[i].has_metadata = shows_exif;
  }
  if (rows.size() > count) response.assets.next_page = std::to_string(request.page.value_or(1) + 1);
  response.assets.count = response.assets.total = static_cast<std::int64_t>(count);
  co_return response;
}

}  // namespace immich::smart_search
