#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/search_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/search/search_query.hpp"

namespace immich {
class Access;
class MlService;
class SystemConfig;
}  // namespace immich

namespace immich::smart_search {

/// Finds assets by what can be seen in them (facts: timeline-search, "Smart search").
class SmartSearchService {
 public:
  /// Vectors of texts that are remembered.
  static constexpr std::size_t kMaxTexts = 100;

  SmartSearchService(pg::Pool& db, Access& access, SystemConfig& config, std::shared_ptr<MlService> ml)
      : db_(db), access_(access), config_(config), ml_(std::move(ml)) {}

  /// One page, nearest first. There is no limit of distance: everything that passes the filters is found.
  Task<api::SearchResponseDto> Search(const AuthContext& auth, api::SmartSearchDto request);

 private:
  Task<std::string> VectorOf(const AuthContext& auth, const api::SmartSearchDto& request);
  Task<std::string> VectorOfText(std::string text, std::optional<std::string> language);
  Task<pg::Result> Nearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                           const std::string& vector);

  struct KnownText {
    std::string key, vector;
  };

  pg::Pool& db_;
  Access& access_;
  SystemConfig& config_;
  std::shared_ptr<MlService> ml_;
  /// Most recently used first.
  std::list<KnownText> texts_;
};

}  // namespace immich::smart_search
