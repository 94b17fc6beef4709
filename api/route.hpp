#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "api/enums.hpp"

namespace immich::api {

enum class Verb : std::uint8_t { kNone, kGet, kPost, kPut, kPatch, kDelete };

/// Who may call. kUser and kAdmin need credentials; kAdmin refuses other users with 403.
enum class Access : std::uint8_t { kPublic, kUser, kAdmin };

/// kMultipart bodies are not read by Parse: the handler streams them and hands the text fields to ParseForm.
enum class BodyKind : std::uint8_t { kNone, kJson, kMultipart, kUrlencoded };

/// kBinary and kText answers are made by the handler; kEmpty has no body.
enum class ResponseKind : std::uint8_t { kEmpty, kJson, kBinary, kText };

/// One row of the contract.
struct Route {
  std::string_view operation_id;
  Verb verb = Verb::kNone;
  /// Second method with the same meaning, not in the published specification.
  Verb alias = Verb::kNone;
  /// With the `/api` prefix and `{name}` parts.
  std::string_view pattern;
  Access access = Access::kUser;
  /// What an API key must hold. Without one it must hold `all`, unless `any_key`.
  std::optional<Permission> permission = std::nullopt;
  bool any_key = false;
  /// Shared-link credentials (`key`, `slug`) are accepted beside the others; elsewhere they get 403.
  bool shared_link = false;
  /// Acts on the caller's session, so an API key cannot do it; the service says so in its own words.
  bool session_only = false;
  bool deprecated = false;
  BodyKind body = BodyKind::kNone;
  ResponseKind response = ResponseKind::kEmpty;
  /// Of the normal answer.
  int status = 200;
  /// Of kText answers.
  std::string_view content_type = {};
};

/// All operations, in the order of the contract files.
std::span<const Route> AllRoutes();

}  // namespace immich::api
