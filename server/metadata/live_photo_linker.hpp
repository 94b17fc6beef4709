#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/metadata/metadata_store.hpp"

namespace immich {
class ClientEvents;
}

namespace immich::metadata {

/// Brings the two files of a live photo together: the video hides behind its still.
class LivePhotoLinker {
 public:
  LivePhotoLinker(pg::Db& db, ClientEvents& events) : db_(db), events_(events) {}

  /// Finds the other part by the live photo id both carry. Whichever part is extracted last makes the link.
  Task<void> LinkByContentId(const MetadataSource& source, std::string live_photo_cid);
  /// Links and, when the video was visible until now, tells the owner's clients.
  Task<void> Link(UserId owner, AssetId still, AssetId video);

 private:
  pg::Db& db_;
  ClientEvents& events_;
};

}  // namespace immich::metadata
