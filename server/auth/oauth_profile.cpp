#include "server/auth/oauth_profile.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>

namespace immich::auth {

namespace {

using boost::json::object;

constexpr double kGibibyte = 1024.0 * 1024 * 1024;
// 8 EiB and more do not fit the column.
constexpr double kMaxQuotaGib = 8.0 * 1024 * 1024 * 1024 - 1;

std::string TextOf(const object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string NameOf(const object& claims, const std::string& email) {
  if (std::string name = TextOf(claims, "name"); !name.empty()) return name;
  const std::string given = TextOf(claims, "given_name"), family = TextOf(claims, "family_name");
  if (!given.empty() || !family.empty()) return given.empty() || family.empty() ? given + family : given + ' ' + family;
  if (std::string name = TextOf(claims, "preferred_username"); !name.empty()) return name;
  return email;
}

std::optional<std::int64_t> QuotaOf(const object& claims, const api::AdminConfigOAuthDto& config) {
  const auto* value = claims.if_contains(config.storage_quota_claim);
  boost::json::error_code error;
  double gib = value != nullptr && value->is_number() ? value->to_number<double>(error) : -1;
  if (error || !(gib >= 0))
    gib = config.default_storage_quota ? static_cast<double>(*config.default_storage_quota) : -1;
  if (gib < 0) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(std::min(gib, kMaxQuotaGib) * kGibibyte));
}

std::optional<bool> RoleOf(const object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr) return std::nullopt;
  const auto holds = [&](std::string_view role) {
    if (value->is_string()) return value->get_string() == role;
    return value->is_array() && std::ranges::any_of(value->get_array(), [&](const boost::json::value& one) {
             return one.is_string() && one.get_string() == role;
           });
  };
  if (holds("admin")) return true;
  return holds("user") ? std::optional(false) : std::nullopt;
}

}  // namespace

ClaimedAccount ReadClaims(const ProviderProfile& profile, const api::AdminConfigOAuthDto& config) {
  const object& claims = profile.claims.root().get_object();
  ClaimedAccount account;
  account.email = TextOf(claims, "email");
  std::ranges::transform(account.email, account.email.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  account.name = NameOf(claims, account.email);
  if (std::string label = TextOf(claims, config.storage_label_claim); !label.empty()) account.storage_label = label;
  account.quota_bytes = QuotaOf(claims, config);
  account.is_admin = RoleOf(claims, config.role_claim);
  return account;
}

}  // namespace immich::auth
