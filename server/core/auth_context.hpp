#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>

#include "api/route.hpp"
#include "platform/error/error.hpp"
#include "server/core/ids.hpp"

namespace immich {

/// What an API key may do; `all` grants everything.
class PermissionSet {
 public:
  void Add(api::Permission permission) { bits_.set(static_cast<std::size_t>(permission)); }
  bool Allows(api::Permission permission) const {
    return bits_.test(static_cast<std::size_t>(api::Permission::kAll)) ||
           bits_.test(static_cast<std::size_t>(permission));
  }
  bool AllowsAll(const PermissionSet& wanted) const {
    return bits_.test(static_cast<std::size_t>(api::Permission::kAll)) || (wanted.bits_ & ~bits_).none();
  }

 private:
  std::bitset<256> bits_;
};

struct AuthUser {
  UserId id;
  std::string name;
  std::string email;
  bool is_admin = false;
  /// How much of it is used changes with every upload and is asked for there.
  std::optional<std::int64_t> quota_size_bytes;
};

struct AuthSession {
  SessionId id;
  /// The PIN was entered and has not run out.
  bool has_elevated_permission = false;
};

struct AuthApiKey {
  ApiKeyId id;
  PermissionSet permissions;
};

struct AuthSharedLink {
  SharedLinkId id;
  /// Set for album links, empty for links to single assets.
  std::optional<AlbumId> album_id;
  bool allow_upload = false;
  bool allow_download = false;
  bool show_exif = false;
  std::optional<std::string> password;
};

/// Who makes the request. Exactly one of session, api_key, shared_link is set; for a link `user` is the link's owner.
struct AuthContext {
  AuthUser user;
  std::optional<AuthSession> session;
  std::optional<AuthApiKey> api_key;
  std::optional<AuthSharedLink> shared_link;

  bool is_elevated() const { return session && session->has_elevated_permission; }
  bool is_visitor() const { return shared_link.has_value(); }
  /// Throws 401 unless the PIN was entered in this session.
  void RequireElevated() const {
    if (!is_elevated()) throw Unauthorized("Elevated permission is required");
  }
};

}  // namespace immich
