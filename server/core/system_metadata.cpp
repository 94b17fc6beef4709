#include "server/core/system_metadata.hpp"

#include <boost/json/value.hpp>

#include "core_sql.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace {

const boost::json::value* FindMember(const json::Document& document, std::string_view name) {
  const boost::json::object* object = document.root().if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::optional<std::string> FindText(const json::Document& document, std::string_view name) {
  const boost::json::value* member = FindMember(document, name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string(std::string_view(member->get_string()));
}

}  // namespace

Task<std::optional<std::string>> SystemMetadata::Find(std::string_view key) {
  pg::Params params{key};
  const pg::Result rows = co_await db_.Run(sql::kSystemMetadataFind, std::move(params));
  co_return rows.empty() ? std::nullopt : std::optional(rows[0].Get<std::string>(0));
}

Task<void> SystemMetadata::Set(std::string_view key, std::string_view json) {
  pg::Params params{key, pg::Json{json}};
  co_await db_.Run(sql::kSystemMetadataUpsert, std::move(params));
}

Task<void> SystemMetadata::Delete(std::string_view key) {
  pg::Params params{key};
  co_await db_.Run(sql::kSystemMetadataDelete, std::move(params));
}

Task<VersionCheckState> SystemMetadata::GetVersionCheckState() {
  const auto text = co_await Find(system_metadata_key::kVersionCheckState);
  if (!text) co_return VersionCheckState{};
  const json::Document value = json::Document::Parse(*text);
  co_return VersionCheckState{FindText(value, "checkedAt"), FindText(value, "releaseVersion")};
}

Task<ReverseGeocodingState> SystemMetadata::GetReverseGeocodingState() {
  const auto text = co_await Find(system_metadata_key::kReverseGeocodingState);
  if (!text) co_return ReverseGeocodingState{};
  const json::Document value = json::Document::Parse(*text);
  co_return ReverseGeocodingState{FindText(value, "lastUpdate"), FindText(value, "lastImportFileName")};
}

Task<bool> SystemMetadata::IsOnboarded() {
  const auto text = co_await Find(system_metadata_key::kAdminOnboarding);
  if (!text) co_return false;
  const json::Document value = json::Document::Parse(*text);
  const boost::json::value* member = FindMember(value, "isOnboarded");
  co_return member != nullptr && member->is_bool() && member->get_bool();
}

}  // namespace immich
