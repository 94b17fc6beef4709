#include "server/people/person_picture.hpp"

#include <utility>

#include "api/websocket_events.hpp"
#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "server/core/client_events.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/ml_client.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/system_config.hpp"
#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

// Shorter edge (facts: thumbnails); always JPEG.
constexpr int kSizePx = 250;

}  // namespace

struct PersonPicture::Source {
  UserId owner;
  std::string old_path;
  PixelBox box;
  int image_width = 0, image_height = 0;
  std::string original;
  std::optional<std::string> preview;
  bool is_video = false;
};

Task<void> PersonPicture::Cut(const Source& source, const std::string& from, std::string to) {
  const api::AdminConfigImageDto& config = config_.current().image;
  media::FaceCropOrder order;
  order.source = from;
  order.box = {.x = source.box.x1,
               .y = source.box.y1,
               .width = source.box.x2 - source.box.x1,
               .height = source.box.y2 - source.box.y1};
  order.box_space_width = source.image_width;
  order.box_space_height = source.image_height;
  order.use_display_p3 = config.colorspace == api::Colorspace::kP3;
  order.extract_embedded = config.extract_embedded;
  order.embedded_min_px = static_cast<int>(config.preview.size);
  order.process_invalid = process_invalid_;
  order.target.path = std::move(to);
  order.target.size_px = kSizePx;
  order.target.quality = static_cast<int>(config.thumbnail.quality);
  const auto report = co_await media_.Run(std::move(order));
  if (!report) throw InternalError(report.error().message);
}

Task<JobResult> PersonPicture::Make(PersonId id) {
  pg::Params params{id};
  const pg::Result rows = co_await db_.Run(sql::kPersonThumbnailSourceGet, std::move(params));
  if (rows.empty()) co_return JobResult::Skipped();
  const pg::Row row = rows[0];
  Source source;
  source.owner = row.Get<UserId>(0);
  source.old_path = row.Get<std::string>(1);
  source.box = {row.Get<int>(2), row.Get<int>(3), row.Get<int>(4), row.Get<int>(5)};
  source.image_width = row.Get<int>(6);
  source.image_height = row.Get<int>(7);
  source.is_video = row.Get<std::string_view>(8) == "VIDEO";
  source.original = row.Get<std::string>(9);
  source.preview = row.Find<std::string>(10);
  const bool needs_preview = source.is_video || media::UsesVideoStills(source.original);
  if (needs_preview && !source.preview) throw InternalError("no preview to cut a face from");
  const std::string target = paths_.PersonThumbnail(source.owner, id);
  PendingFiles files;
  std::string temporary = files.Add(target);
  co_await Cut(source, needs_preview ? *source.preview : source.original, std::move(temporary));
  co_await files.Publish();
  pg::Params stored{id, target};
  const pg::Result changed = co_await db_.Run(sql::kPersonThumbnailSet, std::move(stored));
  std::vector<std::string> obsolete;
  if (changed.empty()) {
    obsolete.push_back(target);
  } else if (!source.old_path.empty() && source.old_path != target) {
    obsolete.push_back(source.old_path);
  }
  co_await RemoveFiles(std::move(obsolete));
  if (changed.empty()) co_return JobResult::Skipped();
  std::vector<std::string> arguments{JsonId(id.value)};
  co_await events_.ToUser(source.owner, api::events::OnPersonThumbnail::kName, std::move(arguments));
  co_return JobResult::Success();
}

}  // namespace immich::people
