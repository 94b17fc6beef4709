#include "server/thumbnails/thumbnail_service.hpp"

#include <utility>
#include <vector>

#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/system_config.hpp"
#include "server/thumbnails/rendition_plan.hpp"
#include "slice_thumbnails_sql.hpp"

namespace immich::thumbnails {

namespace {

StoredRendition Row(AssetFileKind kind, std::string path, const media::RenditionReport& report, bool is_edited) {
  return {.type = std::string(ToString(kind)),
          .path = std::move(path),
          .is_edited = is_edited,
          .is_progressive = report.is_progressive,
          .is_transparent = report.is_transparent};
}

}  // namespace

Task<void> ThumbnailService::Render(AssetId asset, const ThumbnailSource& source, bool is_edited, PendingFiles& files,
                                    StoredThumbnails& stored) {
  const api::AdminConfigImageDto& config = config_.current().image;
  const RenditionTargets targets = PlanTargets(source, asset, config, paths_, is_edited);
  media::ThumbnailOrder order = PlanOrder(source, config, is_edited, process_invalid_);
  order.preview.path = files.Add(targets.preview);
  order.thumbnail.path = files.Add(targets.thumbnail);
  if (order.fullsize) order.fullsize->path = files.Add(targets.fullsize);
  const auto report = co_await media_.Run(std::move(order));
  if (!report) throw InternalError(report.error().message);
  stored.renditions.push_back(Row(AssetFileKind::kPreview, targets.preview, report->preview, is_edited));
  stored.renditions.push_back(Row(AssetFileKind::kThumbnail, targets.thumbnail, report->thumbnail, is_edited));
  if (report->fullsize) {
    stored.renditions.push_back(Row(AssetFileKind::kFullsize, targets.fullsize, *report->fullsize, is_edited));
  }
  stored.thumbhash = report->thumbhash;
  if (is_edited) {
    stored.width = report->width;
    stored.height = report->height;
  }
}

Task<JobResult> ThumbnailService::Generate(AssetId asset) {
  ThumbnailStore store(db_);
  const std::optional<ThumbnailSource> source = co_await store.FindSource(asset);
  if (!source || source->visibility == "hidden") co_return JobResult::Skipped();
  PendingFiles files;
  StoredThumbnails stored;
  co_await Render(asset, *source, false, files, stored);
  if (!source->edits.empty()) co_await Render(asset, *source, true, files, stored);
  const std::vector<std::string> published = files.targets();
  co_await files.Publish();
  std::optional<std::vector<std::string>> obsolete = co_await store.Replace(asset, std::move(stored));
  if (!obsolete) {
    // The asset went while its picture was decoded: its files go too.
    co_await RemoveFiles(published);
    co_return JobResult::Skipped();
  }
  co_await RemoveFiles(std::move(*obsolete));
  JobResult result = JobResult::Success();
  result.is_video = source->is_video_asset;
  result.is_visible = source->visibility == "timeline" || source->visibility == "archive";
  co_return result;
}

Task<JobResult> ThumbnailService::QueueAll(bool all) {
  std::vector<std::string> viewable;
  for (const media::MediaType& type : media::AllMediaTypes()) {
    if (type.is_web_viewable) viewable.emplace_back(type.extension);
  }
  pg::Params params{all, config_.current().image.fullsize.enabled, viewable};
  co_await EnqueueForEach(db_, jobs_, sql::kThumbnailAssetsList, std::move(params), "AssetGenerateThumbnails");
  pg::Params people{all};
  co_await EnqueueForEach(db_, jobs_, sql::kThumbnailPeopleList, std::move(people), "PersonGenerateThumbnail");
  co_return JobResult::Success();
}

}  // namespace immich::thumbnails
