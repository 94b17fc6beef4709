#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/async/shared_calls.hpp"
#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/fact_cache.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// Turns the credentials of a request into an AuthContext. Facts: auth, "Credential sources and their precedence".
/// Sessions that do not expire and API keys are kept in memory while `feed` tells of changes (docs/adr/0013); shared
/// links, and everything without a feed, are asked for each time.
class Authenticator {
 public:
  static constexpr std::size_t kMaxKnownBytes = 2 * 1024 * 1024;

  explicit Authenticator(pg::Db& db, std::shared_ptr<RowFeed> feed = nullptr)
      : db_(db), known_(std::move(feed), kMaxKnownBytes) {}

  /// Throws Unauthorized when there is no credential or it is not valid.
  Task<AuthContext> Authenticate(const http::Request& request);
  /// For websockets: headers and cookies only, query parameters are not looked at; nullopt instead of Unauthorized.
  Task<std::optional<AuthContext>> FindForSocket(const http::Request& request);

 private:
  struct SessionRow;

  Task<AuthContext> AuthenticateSession(const http::Request& request, std::string_view token);
  /// As the database has it now. Requests of one session that come at the same time share the statement.
  Task<std::shared_ptr<const SessionRow>> FindSession(std::string key);
  Task<std::shared_ptr<const SessionRow>> LoadSession(std::string key);
  Task<AuthContext> AuthenticateApiKey(std::string_view secret);
  Task<AuthContext> AuthenticateShareKey(std::string_view key);
  Task<AuthContext> AuthenticateShareSlug(std::string_view slug);

  pg::Db& db_;
  SharedCalls session_calls_;
  /// SessionRow and AuthContext by a letter and the digest of the secret.
  FactCache known_;
};

/// Session token of the request, wherever it is; query parameters only when `with_query`.
std::optional<std::string_view> FindSessionToken(const http::Request& request, bool with_query = true);

}  // namespace immich
