#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/enums.hpp"
#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "server/assets/image_lookup.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::assets {

/// A file as all media routes send it: type by extension, private cache, shown under `file_name`; 404 when unreadable.
http::Response ServeMedia(std::string path, std::string_view file_name);

/// Serves originals, made images and videos (facts: assets, "Media endpoints"): one statement decides and finds the
/// file for the owner, none when it is known (docs/adr/0013); others cost the statements of Access more.
class AssetMedia {
 public:
  AssetMedia(pg::Db& db, Access& access, std::shared_ptr<RowFeed> rows = nullptr)
      : db_(db), access_(access), images_(db, std::move(rows)) {}

  /// Visitors of a shared link always get the edited form.
  Task<http::Response> Original(const AuthContext& auth, AssetId id, bool edited);
  /// `query` is repeated in redirects. Missing fullsize → preview, web-viewable fullsize → original, others 404.
  Task<http::Response> Image(const AuthContext& auth, AssetId id, api::AssetMediaSize size, bool edited,
                             const http::Request& request);
  Task<http::Response> Video(const AuthContext& auth, AssetId id);

 private:
  Task<void> RequireView(const AuthContext& auth, api::Permission permission, AssetId id, UserId owner,
                         std::string_view visibility);

  pg::Db& db_;
  Access& access_;
  ImageLookup images_;
};

}  // namespace immich::assets
