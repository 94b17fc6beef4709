#include "server/metadata/metadata_service.hpp"

#include <utility>

#include "platform/error/error.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/system_config.hpp"
#include "server/core/tag_tree.hpp"
#include "server/core/worker_context.hpp"
#include "slice_metadata_sql.hpp"

namespace immich::metadata {

MetadataService::MetadataService(WorkerContext& context)
    : db_(context.db),
      jobs_(context.jobs),
      handlers_(context.handlers),
      config_(context.config),
      media_(context.media),
      geocoder_(context.db),
      linker_(context.db, context.events),
      motion_(context.db, context.jobs, context.handlers, context.paths, context.media, linker_) {}

Task<Place> MetadataService::FindPlace(const MetadataSource& source, const media::MetadataReport& report) {
  if (!config_.current().reverse_geocoding.enabled) co_return Place{};
  const auto latitude = source.IsLocked("latitude") ? source.latitude : report.latitude;
  const auto longitude = source.IsLocked("longitude") ? source.longitude : report.longitude;
  if (!latitude || !longitude) co_return Place{};
  co_await geocoder_.WaitForPlaces();
  const std::optional<Place> place = co_await geocoder_.Find(*latitude, *longitude);
  co_return place.value_or(Place{});
}

Task<bool> MetadataService::Store(const MetadataSource& source, const media::MetadataReport& report, Place place) {
  const bool with_faces = config_.current().metadata.faces.import_ && !report.faces.empty();
  const bool with_tags = !report.tags.empty() || (source.IsLocked("tags") && !source.tags.empty());
  const bool with_streams = report.video || report.audio || report.keyframes;
  if (!with_faces && !with_tags && !with_streams) {
    MetadataStore store(db_);
    co_return (co_await store.Store(source.id, report, place)).has_value();
  }
  bool found = false;
  std::vector<PersonId> people;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    MetadataStore store(tx);
    std::optional<std::vector<std::string>> tags = co_await store.Store(source.id, report, place);
    found = tags.has_value();
    if (!found) co_return;
    if (!tags->empty()) {
      std::vector<TagId> ids = co_await UpsertTagPaths(tx, source.owner, std::move(*tags));
      co_await store.ReplaceTags(source.id, std::move(ids));
    }
    co_await store.StoreStreams(source.id, report);
    if (with_faces) people = co_await store.ReplaceFaces(source, report.faces);
  });
  if (handlers_.Find("PersonGenerateThumbnail") == nullptr) co_return found;
  std::vector<JobSink::Request> jobs;
  for (const PersonId person : people) {
    jobs.push_back({.name = "PersonGenerateThumbnail", .data = JobDataWithId(person.value), .options = {}});
  }
  if (!jobs.empty()) co_await jobs_.Enqueue(std::move(jobs));
  co_return found;
}

Task<JobResult> MetadataService::Extract(AssetId asset) {
  MetadataStore store(db_);
  const std::optional<MetadataSource> source = co_await store.FindSource(asset);
  if (!source) co_return JobResult::Skipped();
  media::MetadataOrder order;
  order.source = source->original_path;
  order.sidecar = source->sidecar;
  order.fallback_date = source->file_created_at;
  const auto report = co_await media_.Run(std::move(order));
  if (!report) throw InternalError(report.error().message);
  const Place place = co_await FindPlace(*source, *report);
  if (!co_await Store(*source, *report, place)) co_return JobResult::Skipped();
  if (report->live_photo_cid) co_await linker_.LinkByContentId(*source, *report->live_photo_cid);
  if (report->motion_video && !source->is_video) co_await motion_.Apply(*source, *report);
  co_return JobResult::Success();
}

Task<JobResult> MetadataService::QueueAll(bool all) {
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kMetadataAssetsList, std::move(params), "AssetExtractMetadata");
  co_return JobResult::Success();
}

}  // namespace immich::metadata
