#include "server/core/authenticator.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "core_sql.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/client_device.hpp"

namespace immich {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Facts: auth. A session row is refreshed at most once an hour; elevation slides to five minutes.
constexpr hours kTouchInterval{1};
constexpr minutes kElevationSlide{5};
// A share key is 50 bytes: 67 characters of base64url or 100 of hex.
constexpr std::size_t kHexShareKeyLength = 100;

AuthUser ReadUser(const pg::Row& row, int first) {
  AuthUser user;
  user.id = row.Get<UserId>(first);
  user.name = row.Get<std::string>(first + 1);
  user.email = row.Get<std::string>(first + 2);
  user.is_admin = row.Get<bool>(first + 3);
  user.quota_size_bytes = row.Find<std::int64_t>(first + 4);
  return user;
}

std::size_t BytesOf(const AuthUser& user) {
  return user.name.size() + user.email.size();
}

/// Under which the owner of a secret is kept. `kind` tells sessions and API keys apart.
std::string KnownKey(char kind, std::string_view secret) {
  const auto digest = crypto::HashSha256(secret);
  std::string key(1, kind);
  key.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return key;
}

pg::Bytes DigestIn(std::string_view key) {
  return pg::Bytes{std::span(reinterpret_cast<const std::uint8_t*>(key.data()) + 1, key.size() - 1)};
}

AuthContext ReadSharedLink(const pg::Row& row) {
  AuthContext auth;
  auth.user = ReadUser(row, 6);
  AuthSharedLink link;
  link.id = row.Get<SharedLinkId>(0);
  link.album_id = row.Find<AlbumId>(1);
  link.allow_upload = row.Get<bool>(2);
  link.allow_download = row.Get<bool>(3);
  link.show_exif = row.Get<bool>(4);
  link.password = row.Find<std::string>(5);
  auth.shared_link = std::move(link);
  return auth;
}

std::optional<std::string_view> FindBearer(const http::Request& request) {
  const std::string_view header = request.headers.Get("authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    if ((header[i] | 0x20) != (kScheme[i] | 0x20)) return std::nullopt;
  }
  return header.substr(kScheme.size());
}

std::optional<std::string_view> NonEmpty(std::optional<std::string_view> value) {
  return value && !value->empty() ? value : std::nullopt;
}

std::optional<std::string_view> HeaderOrQuery(const http::Request& request, std::string_view header,
                                              std::string_view parameter) {
  if (auto value = NonEmpty(request.headers.Find(header))) return value;
  return NonEmpty(request.query.Find(parameter));
}

}  // namespace

std::optional<std::string_view> FindSessionToken(const http::Request& request, bool with_query) {
  if (auto value = NonEmpty(request.headers.Find("x-immich-user-token"))) return value;
  if (auto value = NonEmpty(request.headers.Find("x-immich-session-token"))) return value;
  if (with_query) {
    if (auto value = NonEmpty(request.query.Find("sessionKey"))) return value;
  }
  if (auto value = NonEmpty(FindBearer(request))) return value;
  return NonEmpty(request.FindCookie("immich_access_token"));
}

Task<AuthContext> Authenticator::Authenticate(const http::Request& request) {
  if (auto key = HeaderOrQuery(request, "x-immich-share-key", "key")) co_return co_await AuthenticateShareKey(*key);
  if (auto slug = HeaderOrQuery(request, "x-immich-share-slug", "slug"))
    co_return co_await AuthenticateShareSlug(*slug);
  if (auto token = FindSessionToken(request)) co_return co_await AuthenticateSession(request, *token);
  if (auto key = HeaderOrQuery(request, "x-api-key", "apiKey")) co_return co_await AuthenticateApiKey(*key);
  throw Unauthorized("Authentication required");
}

Task<std::optional<AuthContext>> Authenticator::FindForSocket(const http::Request& request) {
  try {
    if (auto token = FindSessionToken(request, false)) co_return co_await AuthenticateSession(request, *token);
    if (auto key = NonEmpty(request.headers.Find("x-api-key"))) co_return co_await AuthenticateApiKey(*key);
  } catch (const Unauthorized&) {
    co_return std::nullopt;
  }
  co_return std::nullopt;
}

struct Authenticator::SessionRow {
  bool exists = false;
  SessionId id;
  TimePoint updated_at;
  std::optional<TimePoint> pin_expires_at;
  std::optional<std::string> app_version;
  /// The clock ends it, which no row tells.
  bool expires = false;
  AuthUser user;
};

Task<std::shared_ptr<const Authenticator::SessionRow>> Authenticator::FindSession(std::string key) {
  if (auto known = known_.Find<SessionRow>(key)) co_return known;
  SharedCalls::Turn turn = co_await session_calls_.Enter(key);
  if (!turn.result()) turn.Finish(co_await LoadSession(std::move(key)));
  co_return turn.result<SessionRow>();
}

Task<std::shared_ptr<const Authenticator::SessionRow>> Authenticator::LoadSession(std::string key) {
  const RowFeed::Position asked_at = known_.position();
  pg::Params find{DigestIn(key)};
  const pg::Result result = co_await db_.Run(sql::kAuthSessionFind, std::move(find));
  auto found = std::make_shared<SessionRow>();
  if (!result.empty()) {
    const pg::Row row = result[0];
    found->exists = true;
    found->id = row.Get<SessionId>(0);
    found->updated_at = row.Get<TimePoint>(1);
    found->pin_expires_at = row.Find<TimePoint>(2);
    found->app_version = row.Find<std::string>(3);
    found->expires = row.Get<bool>(4);
    found->user = ReadUser(row, 5);
  }
  if (found->exists && !found->expires) {
    const std::size_t bytes = sizeof(SessionRow) + BytesOf(found->user) + found->app_version.value_or("").size();
    known_.Keep(asked_at, std::move(key), found, {found->id.value, found->user.id.value}, bytes);
  }
  co_return found;
}

Task<AuthContext> Authenticator::AuthenticateSession(const http::Request& request, std::string_view token) {
  const std::string key = KnownKey('s', token);
  const std::shared_ptr<const SessionRow> found = co_await FindSession(key);
  if (!found->exists) throw Unauthorized("Invalid user token");

  AuthContext auth;
  auth.user = found->user;
  AuthSession session;
  session.id = found->id;
  const TimePoint now = Now();
  if (found->pin_expires_at && *found->pin_expires_at > now) {
    session.has_elevated_permission = true;
    if (*found->pin_expires_at < now + kElevationSlide) {
      pg::Params extend{session.id, now + kElevationSlide};
      co_await db_.Run(sql::kAuthSessionExtendPin, std::move(extend));
      known_.Forget(key);
    }
  }
  const ClientDevice device = DescribeClient(request);
  const bool new_app_version = device.app_version && device.app_version != found->app_version;
  if (new_app_version || now - found->updated_at > kTouchInterval) {
    pg::Params touch{session.id, device.type, device.os, device.app_version};
    co_await db_.Run(sql::kAuthSessionTouch, std::move(touch));
    known_.Forget(key);
  }
  auth.session = session;
  co_return auth;
}

Task<AuthContext> Authenticator::AuthenticateApiKey(std::string_view secret) {
  std::string key = KnownKey('k', secret);
  if (const auto known = known_.Find<AuthContext>(key)) co_return *known;
  const RowFeed::Position asked_at = known_.position();
  pg::Params find{DigestIn(key)};
  const pg::Result result = co_await db_.Run(sql::kAuthApiKeyFind, std::move(find));
  if (result.empty()) throw Unauthorized("Invalid API key");
  const pg::Row row = result[0];
  AuthContext auth;
  auth.user = ReadUser(row, 2);
  AuthApiKey api_key;
  api_key.id = row.Get<ApiKeyId>(0);
  for (const std::string& name : row.Get<std::vector<std::string>>(1)) {
    if (const auto permission = api::ParseEnum<api::Permission>(name)) api_key.permissions.Add(*permission);
  }
  auth.api_key = api_key;
  known_.Keep(asked_at, std::move(key), std::make_shared<const AuthContext>(auth),
              {api_key.id.value, auth.user.id.value}, sizeof(AuthContext) + BytesOf(auth.user));
  co_return auth;
}

Task<AuthContext> Authenticator::AuthenticateShareKey(std::string_view key) {
  const auto bytes = key.size() == kHexShareKeyLength ? crypto::FromHex(key) : crypto::FromBase64Url(key);
  if (!bytes) throw Unauthorized("Invalid share key");
  pg::Params find{pg::Bytes{*bytes}};
  const pg::Result result = co_await db_.Run(sql::kAuthShareKeyFind, std::move(find));
  if (result.empty()) throw Unauthorized("Invalid share key");
  co_return ReadSharedLink(result[0]);
}

Task<AuthContext> Authenticator::AuthenticateShareSlug(std::string_view slug) {
  pg::Params find{slug};
  const pg::Result result = co_await db_.Run(sql::kAuthShareSlugFind, std::move(find));
  if (result.empty()) throw Unauthorized("Invalid share slug");
  co_return ReadSharedLink(result[0]);
}

}  // namespace immich
