#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/assets_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {

/// The columns every asset answer is made of, in the order ReadAssetView reads them; `a` is asset, `e` is asset_exif.
extern const std::string_view kAssetViewColumns;
/// How many columns that is.
extern const int kAssetViewColumnCount;

struct AssetViewOptions {
  bool with_exif = false;
  bool with_owner = false;
  bool with_tags = false;
  bool with_people = false;
  bool with_stack = false;
};

/// Reads the asset part (and EXIF when asked) of a row that selected kAssetViewColumns from column `first` on.
/// `isFavorite` is true only for the owner's own eyes; a link without metadata gets the reduced object elsewhere.
void ReadAssetView(const pg::Row& row, int first, const AuthContext& auth, bool with_exif, api::AssetResponseDto& out);

/// Asset answers for routes and live events, in the order of `ids`; ids without a row are left out. No access check.
Task<std::vector<api::AssetResponseDto>> LoadAssetViews(pg::Db& db, const AuthContext& auth, std::vector<AssetId> ids,
                                                        AssetViewOptions options);

/// MIME type of an original by its file name, as `originalMimeType` shows it.
std::optional<std::string> OriginalMimeType(std::string_view original_path);

}  // namespace immich
