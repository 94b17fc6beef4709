#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich::testing {

inline Task<UserId> InsertUser(pg::Db& db, std::string email) {
  pg::Params params{email};
  const pg::Result rows =
      co_await db.RunDynamic(R"(INSERT INTO "user" (email, name) VALUES ($1, $1) RETURNING id)", std::move(params));
  co_return rows[0].Get<UserId>(0);
}

/// A signed-in user, as services see one.
inline AuthContext SignedIn(UserId user, bool is_elevated = false) {
  AuthContext auth;
  auth.user.id = user;
  auth.session.emplace().has_elevated_permission = is_elevated;
  return auth;
}

/// An asset with EXIF; texts as PostgreSQL reads them.
struct AssetRow {
  UserId owner;
  std::string taken = "2024-01-01T10:00:00Z";
  /// Wall time of the place, written as if it were UTC; empty: as `taken`.
  std::string local = {};
  std::string name = "a.jpg";
  std::string path = "/data/a.jpg";
  std::string visibility = "timeline";
  std::string type = "IMAGE";
  bool is_favorite = false;
  bool is_trashed = false;
  std::optional<std::string> city = std::nullopt;
  std::optional<std::string> make = std::nullopt;
  std::optional<int> rating = std::nullopt;
  std::optional<double> latitude = std::nullopt;
  std::optional<double> longitude = std::nullopt;
  std::int64_t size_bytes = 1000;
};

inline Task<AssetId> InsertAsset(pg::Db& db, AssetRow row) {
  pg::Params params{row.owner, row.taken,       row.local.empty() ? row.taken : row.local,
                    row.name,  row.path,        row.visibility,
                    row.type,  row.is_favorite, row.is_trashed};
  const pg::Result rows = co_await db.RunDynamic(
      R"(INSERT INTO asset ("ownerId", "fileCreatedAt", "fileModifiedAt", "localDateTime", "originalFileName",
  "originalPath", visibility, type, "isFavorite", "deletedAt", checksum, "checksumAlgorithm", width, height)
VALUES ($1, $2::timestamptz, $2::timestamptz, $3::timestamptz, $4, $5, $6::asset_visibility_enum, $7, $8,
  CASE WHEN $9::boolean THEN now() END, decode(md5(random()::text), 'hex'), 'sha1', 400, 300)
RETURNING id)",
      std::move(params));
  const AssetId id = rows[0].Get<AssetId>(0);
  pg::Params exif{id, row.city, row.make, row.rating, row.latitude, row.longitude, row.size_bytes};
  co_await db.RunDynamic(
      R"(INSERT INTO asset_exif ("assetId", city, make, rating, latitude, longitude, "fileSizeInByte")
VALUES ($1, $2, $3, $4, $5, $6, $7))",
      std::move(exif));
  co_return id;
}

/// An album with its members (user and role) and assets.
struct AlbumRow {
  std::string name = "a";
  std::vector<std::pair<UserId, std::string>> members = {};
  std::vector<AssetId> assets = {};
};

inline Task<AlbumId> InsertAlbum(pg::Db& db, AlbumRow row) {
  const AlbumId id = AlbumId::Random();
  pg::Params album{id, row.name};
  co_await db.RunDynamic(R"(INSERT INTO album (id, "albumName") VALUES ($1, $2))", std::move(album));
  for (const auto& [user, role] : row.members) {
    pg::Params member{id, user, role};
    co_await db.RunDynamic(
        R"(INSERT INTO album_user ("albumId", "userId", role) VALUES ($1, $2, $3::album_user_role_enum))",
        std::move(member));
  }
  for (const AssetId asset : row.assets) {
    pg::Params entry{id, asset};
    co_await db.RunDynamic(R"(INSERT INTO album_asset ("albumId", "assetId") VALUES ($1, $2))", std::move(entry));
  }
  co_return id;
}

}  // namespace immich::testing
