#include "server/metadata/motion_photo_service.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "media/mime/media_types.hpp"
#include "platform/log/log.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/pending_files.hpp"
#include "slice_metadata_sql.hpp"

namespace immich::metadata {

struct MotionPhotoService::Extracted {
  AssetId id;
  std::string path;
  media::EmbeddedVideoReport report;
};

Task<std::pair<AssetId, bool>> MotionPhotoService::FindOrInsert(const MetadataSource& source,
                                                                const media::MetadataReport& report,
                                                                const Extracted& video) {
  std::optional<AssetId> known;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params content{source.owner, source.library, pg::Bytes{video.report.checksum}};
    pg::Params again = content;
    known.reset();
    const pg::Result found = co_await tx.Run(sql::kMotionVideoFind, std::move(content));
    if (!found.empty()) {
      known = found[0].Get<AssetId>(0);
      co_return;
    }
    const std::string stem =
        source.file_name.substr(0, source.file_name.size() - media::FileExtension(source.file_name).size());
    pg::Params row{video.id,
                   source.owner,
                   source.library,
                   video.path,
                   report.date_time_original,
                   report.local_date_time,
                   report.modified_at,
                   pg::Bytes{video.report.checksum},
                   stem + ".mp4",
                   source.is_external};
    const pg::Result inserted = co_await tx.Run(sql::kMotionVideoInsert, std::move(row));
    if (inserted.empty()) {
      // Another job was faster.
      const pg::Result other = co_await tx.Run(sql::kMotionVideoFind, std::move(again));
      if (!other.empty()) known = other[0].Get<AssetId>(0);
      co_return;
    }
    pg::Params details{video.id, video.report.size_bytes, source.owner, !source.is_external};
    co_await tx.Run(sql::kMotionVideoDetailsInsert, std::move(details));
  });
  if (known) co_return std::pair(*known, false);
  co_return std::pair(video.id, true);
}

Task<void> MotionPhotoService::Apply(const MetadataSource& source, const media::MetadataReport& report) {
  PendingFiles files;
  Extracted video;
  video.id = AssetId::Random();
  video.path = paths_.MotionVideo(source.owner, video.id.value);
  media::EmbeddedVideoOrder order;
  order.source = source.original_path;
  order.range = *report.motion_video;
  order.target = files.Add(video.path);
  const auto extracted = co_await media_.Run(std::move(order));
  if (!extracted) {
    log::Warn("Metadata", "The video in {} cannot be extracted: {}", source.original_path, extracted.error().message);
    co_return;
  }
  video.report = *extracted;
  pg::Params content{source.owner, source.library, pg::Bytes{video.report.checksum}};
  const pg::Result known = co_await db_.Run(sql::kMotionVideoFind, std::move(content));
  AssetId motion = known.empty() ? video.id : known[0].Get<AssetId>(0);
  if (known.empty()) {
    // The file is in its place before the row that names it.
    co_await files.Publish();
    const auto [asset, is_new] = co_await FindOrInsert(source, report, video);
    motion = asset;
    if (!is_new) co_await RemoveFiles({video.path});
  } else {
    co_await files.Discard();
  }
  co_await linker_.Link(source.owner, source.id, motion);
  std::vector<JobSink::Request> jobs;
  if (motion == video.id) {
    jobs.push_back({.name = "AssetExtractMetadata", .data = JobDataWithId(motion.value), .options = {}});
    if (handlers_.Find("AssetEncodeVideo") != nullptr) {
      jobs.push_back({.name = "AssetEncodeVideo", .data = JobDataWithId(motion.value), .options = {}});
    }
  }
  const bool replaces = source.live_video && *source.live_video != motion;
  if (replaces && handlers_.Find("AssetDelete") != nullptr) {
    jobs.push_back({.name = "AssetDelete",
                    .data = fmt::format(R"({{"id":"{}","deleteOnDisk":true}})", source.live_video->ToString()),
                    .options = {}});
  }
  if (!jobs.empty()) co_await jobs_.Enqueue(std::move(jobs));
}

}  // namespace immich::metadata
