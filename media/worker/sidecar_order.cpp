#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "media/geo/time_zone.hpp"
#include "media/metadata/metadata_reader.hpp"
#include "media/worker/output_file.hpp"
#include "media/worker/work_orders.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/fs/fd.hpp"

namespace immich::media {

namespace {

/// `2024-01-02T03:04:05.678+02:00`: the wall clock of the zone with its offset.
std::string DateWithOffset(TimePoint instant, const std::optional<std::string>& zone_name) {
  const auto zone = zone_name ? TimeZone::Find(*zone_name) : std::nullopt;
  const auto offset = std::chrono::floor<std::chrono::minutes>((zone ? *zone : TimeZone::Utc()).OffsetAt(instant));
  std::string text = ToIsoString(instant + offset);
  text.pop_back();
  const auto minutes = std::abs(offset.count());
  return text + fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::expected<SidecarReport, Failure> CarryOut(const SidecarOrder& order) {
  constexpr std::size_t kMaxSidecarBytes = 16 * 1024 * 1024;
  const std::string existing = order.base.empty() ? std::string() : fs::ReadWholeFile(order.base, kMaxSidecarBytes);
  SidecarChanges changes;
  changes.description = order.description;
  if (order.date_time_original) {
    changes.date_time_original = DateWithOffset(*order.date_time_original, order.time_zone);
  }
  changes.latitude = order.latitude;
  changes.longitude = order.longitude;
  changes.rating = order.rating;
  changes.tags = order.tags;
  const auto content = UpdateSidecar(crypto::AsBytes(existing), changes);
  if (!content) return std::unexpected(content.error());
  WriteSynced(order.target, crypto::AsBytes(*content));
  return SidecarReport{};
}

}  // namespace immich::media
