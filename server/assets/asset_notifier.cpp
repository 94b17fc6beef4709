#include "server/assets/asset_notifier.hpp"

#include <fmt/format.h>

#include "api/codec/contract_writer.hpp"
#include "api/websocket_events.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/client_events.hpp"
#include "server/core/sync_view.hpp"
#include "slice_assets_sql.hpp"

namespace immich {

namespace {

/// The asset as its owner sees it; nullopt when it is gone.
Task<std::optional<api::AssetResponseDto>> LoadForOwner(pg::Db& db, AssetId asset) {
  std::vector<AssetId> ids{asset};
  // The owner is not known before the row is read; the flag only the owner may see is in the sync columns.
  AuthContext owner;
  pg::Params params{asset};
  const pg::Result found = co_await db.Run(sql::kAssetOwnerGet, std::move(params));
  if (found.empty()) co_return std::nullopt;
  owner.user.id = found[0].Get<UserId>(0);
  AssetViewOptions options;
  options.with_exif = true;
  options.with_owner = true;
  auto views = co_await LoadAssetViews(db, owner, std::move(ids), options);
  if (views.empty()) co_return std::nullopt;
  co_return std::move(views.front());
}

}  // namespace

Task<void> AssetNotifier::UploadReady(AssetId asset) {
  const auto view = co_await LoadForOwner(db_, asset);
  if (!view) co_return;
  const UserId owner(view->owner_id);
  std::vector<std::string> response{api::ToJson(*view)};
  co_await events_.ToUser(owner, api::events::OnUploadSuccess::kName, std::move(response));

  std::string statement =
      fmt::format("SELECT {}, {} FROM asset a JOIN asset_exif e ON e.\"assetId\" = a.id WHERE a.id = $1",
                  kSyncAssetColumns, kSyncExifColumns);
  pg::Params params{asset};
  const pg::Result found = co_await db_.RunDynamic(std::move(statement), std::move(params));
  if (found.empty()) co_return;
  api::AssetUploadReadyV2 ready;
  ready.asset = ReadSyncAsset(found[0], 0);
  ready.exif = ReadSyncExif(found[0], kSyncAssetColumnCount);
  std::vector<std::string> payload{api::ToJson(ready)};
  co_await events_.ToUser(owner, api::events::AssetUploadReadyV2::kName, std::move(payload));
}

Task<void> AssetNotifier::AssetUpdated(AssetId asset) {
  const auto view = co_await LoadForOwner(db_, asset);
  if (!view) co_return;
  std::vector<std::string> response{api::ToJson(*view)};
  co_await events_.ToUser(UserId(view->owner_id), api::events::OnAssetUpdate::kName, std::move(response));
}

Task<void> AssetNotifier::EditReady(AssetId asset) {
  std::string statement = fmt::format("SELECT {} FROM asset a WHERE a.id = $1", kSyncAssetColumns);
  pg::Params params{asset};
  const pg::Result found = co_await db_.RunDynamic(std::move(statement), std::move(params));
  if (found.empty()) co_return;
  api::AssetEditReadyV2 ready;
  ready.asset = ReadSyncAsset(found[0], 0);
  pg::Params edits{asset};
  for (const pg::Row row : co_await db_.Run(sql::kAssetEditList, std::move(edits))) {
    api::SyncAssetEditV1& edit = ready.edit.emplace_back();
    edit.id = row.Get<Uuid>(0);
    edit.asset_id = asset.value;
    edit.action =
        api::ParseEnum<api::AssetEditAction>(row.Get<std::string_view>(1)).value_or(api::AssetEditAction::kRotate);
    edit.parameters = json::RawJson{row.Get<std::string>(2)};
    edit.sequence = row.Get<std::int64_t>(3);
  }
  std::vector<std::string> payload{api::ToJson(ready)};
  co_await events_.ToUser(UserId(ready.asset.owner_id), api::events::AssetEditReadyV2::kName, std::move(payload));
}

}  // namespace immich
