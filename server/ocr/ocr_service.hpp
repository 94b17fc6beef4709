#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "api/assets_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/ml_client.hpp"

namespace immich {
class Access;
class JobSink;
class SystemConfig;
}  // namespace immich

namespace immich::ocr {

/// The text in a picture for clients (facts: timeline-search).
class OcrView {
 public:
  OcrView(pg::Db& db, Access& access) : db_(db), access_(access) {}

  /// Lines that show, with corners in the edited picture.
  Task<std::vector<api::AssetOcrResponseDto>> List(const AuthContext& auth, AssetId asset);

 private:
  pg::Db& db_;
  Access& access_;
};

/// Reads the text in pictures (facts: ml, jobs).
class OcrService {
 public:
  OcrService(pg::Pool& db, JobSink& jobs, SystemConfig& config, std::shared_ptr<MlService> ml)
      : db_(db), jobs_(jobs), config_(config), ml_(std::move(ml)) {}

  /// Replaces what is known of the text in an asset's preview.
  Task<JobResult> Read(AssetId asset);
  /// Queues Ocr for all assets, after forgetting all text, or for those nobody read.
  Task<JobResult> QueueAll(bool all);

 private:
  Task<void> Store(AssetId asset, const std::vector<FoundText>& lines);

  pg::Pool& db_;
  JobSink& jobs_;
  SystemConfig& config_;
  std::shared_ptr<MlService> ml_;
};

}  // namespace immich::ocr
