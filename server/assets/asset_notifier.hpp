#pragma once

#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich {

class ClientEvents;
namespace pg {
class Db;
}

/// Tells the owner's clients what the pipeline did to an asset (facts: websocket).
class AssetNotifier {
 public:
  AssetNotifier(pg::Db& db, ClientEvents& events) : db_(db), events_(events) {}

  /// The asset has its thumbnails: `on_upload_success` for the web, `AssetUploadReadyV2` for the phone apps.
  Task<void> UploadReady(AssetId asset);
  /// Its description was read anew: `on_asset_update`.
  Task<void> AssetUpdated(AssetId asset);
  /// Its edits were rendered: `AssetEditReadyV2`.
  Task<void> EditReady(AssetId asset);

 private:
  pg::Db& db_;
  ClientEvents& events_;
};

}  // namespace immich
