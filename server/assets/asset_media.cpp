#include "server/assets/asset_media.hpp"

#include <fmt/format.h>

#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "platform/http/url_encoding.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

using api::AssetMediaSize;
using api::Permission;

// Compat: all three media routes (facts: assets).
constexpr std::string_view kCacheControl =
    "private, max-age=86400, no-transform, stale-while-revalidate=2592000, stale-if-error=2592000";

std::string_view WithoutExtension(std::string_view name) {
  return name.substr(0, name.size() - media::FileExtension(name).size());
}

http::Response Serve(std::string path) {
  std::string content_type(media::MimeTypeOfPath(path));
  http::Response response = http::Response::File(std::move(path), std::move(content_type));
  std::get<http::FileBody>(response.body).not_found_message = "Asset media not found";
  response.headers.Set("Cache-Control", std::string(kCacheControl));
  return response;
}

/// The same query without `size`.
std::string QueryWithout(const http::Request& request, std::string_view name) {
  std::string query;
  for (const auto& [key, value] : request.query.items()) {
    if (key == name) continue;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", http::EncodeUriComponent(key),
                         http::EncodeUriComponent(value));
  }
  return query;
}

http::Response RedirectToOriginal(const http::Request& request) {
  return http::Response::Redirect(302, "original" + QueryWithout(request, "size"));
}

http::Response RedirectToPreview(const http::Request& request) {
  const std::string rest = QueryWithout(request, "size");
  return http::Response::Redirect(302, fmt::format("thumbnail{}{}size=preview", rest, rest.empty() ? "?" : "&"));
}

bool IsWebViewable(std::string_view path) {
  const media::MediaType* type = media::FindMediaTypeByPath(path);
  return type != nullptr && type->is_web_viewable;
}

}  // namespace

http::Response ServeMedia(std::string path, std::string_view file_name) {
  http::Response response = Serve(std::move(path));
  response.headers.Set("Content-Disposition",
                       fmt::format("inline; filename*=UTF-8''{}", http::EncodeUriComponent(file_name)));
  return response;
}

Task<void> AssetMedia::RequireView(const AuthContext& auth, Permission permission, AssetId id, UserId owner,
                                   std::string_view visibility) {
  const bool is_own = !auth.is_visitor() && auth.user.id == owner;
  if (is_own && (visibility != "locked" || auth.is_elevated())) co_return;
  co_await access_.RequireAsset(auth, permission, id);
}

Task<http::Response> AssetMedia::Original(const AuthContext& auth, AssetId id, bool edited) {
  const std::shared_ptr<const ImageFile> file = co_await images_.FindOriginal(id);
  if (!file) ThrowNoAccess(Permission::kAssetDownload);
  co_await RequireView(auth, Permission::kAssetDownload, id, file->owner, file->visibility);
  const bool shows_edited = (edited || auth.is_visitor()) && file->is_edited && file->path;
  std::string path = shows_edited ? *file->path : file->original_path;
  const std::string file_name =
      fmt::format("{}{}", WithoutExtension(file->original_file_name), media::FileExtension(path));
  co_return ServeMedia(std::move(path), file_name);
}

Task<http::Response> AssetMedia::Image(const AuthContext& auth, AssetId id, AssetMediaSize size, bool edited,
                                       const http::Request& request) {
  if (size == AssetMediaSize::kOriginal) co_return RedirectToOriginal(request);
  const bool wants_edited = edited || auth.is_visitor();
  std::string kind(api::ToString(size));
  const std::shared_ptr<const ImageFile> file = co_await images_.Find(id, std::move(kind), wants_edited);
  if (!file) ThrowNoAccess(Permission::kAssetView);
  co_await RequireView(auth, Permission::kAssetView, id, file->owner, file->visibility);
  std::optional<std::string> path = file->path;
  if (size == AssetMediaSize::kFullsize) {
    const bool shows_edited = wants_edited && file->is_edited;
    if (!shows_edited && IsWebViewable(file->original_path)) co_return RedirectToOriginal(request);
    if (!path) co_return RedirectToPreview(request);
  }
  if (!path) throw NotFound("Asset media not found");
  // Compat: visitors of a link that hides metadata do not learn the file's name.
  const bool hides_name = auth.shared_link && !auth.shared_link->show_exif;
  const std::string base = hides_name ? id.ToString() : std::string(WithoutExtension(file->original_file_name));
  const std::string file_name = fmt::format("{}_{}{}", base, api::ToString(size), media::FileExtension(*path));
  co_return ServeMedia(std::move(*path), file_name);
}

Task<http::Response> AssetMedia::Video(const AuthContext& auth, AssetId id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kAssetVideoFind, std::move(params));
  if (found.empty()) ThrowNoAccess(Permission::kAssetView);
  const pg::Row row = found[0];
  co_await RequireView(auth, Permission::kAssetView, id, row.Get<UserId>(0), row.Get<std::string_view>(1));
  if (row.Get<std::string_view>(3) != "VIDEO") throw NotFound("Asset is not a video");
  co_return Serve(row.Get<std::string>(2));
}

}  // namespace immich::assets
