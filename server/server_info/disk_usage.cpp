#include "server/server_info/disk_usage.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"

namespace immich::server_info {

namespace {

DiskUsage ReadBlocking(const std::string& folder) {
  struct statvfs info;
  if (statvfs(folder.c_str(), &info) != 0) {
    throw InternalError(fmt::format("cannot read the free space of {}: {}", folder, std::strerror(errno)));
  }
  const auto unit = static_cast<std::int64_t>(info.f_frsize);
  DiskUsage usage;
  usage.size_bytes = static_cast<std::int64_t>(info.f_blocks) * unit;
  usage.used_bytes = static_cast<std::int64_t>(info.f_blocks - info.f_bfree) * unit;
  usage.available_bytes = static_cast<std::int64_t>(info.f_bavail) * unit;
  return usage;
}

}  // namespace

std::string HumanReadableSize(std::int64_t bytes) {
  constexpr std::array<std::string_view, 7> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  auto amount = static_cast<double>(bytes);
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

Task<DiskUsage> ReadDiskUsage(std::string folder) {
  co_return co_await RunBlocking([folder] { return ReadBlocking(folder); });
}

api::ServerStorageResponseDto Describe(const DiskUsage& usage) {
  api::ServerStorageResponseDto dto;
  dto.disk_available = HumanReadableSize(usage.available_bytes);
  dto.disk_available_raw = usage.available_bytes;
  dto.disk_size = HumanReadableSize(usage.size_bytes);
  dto.disk_size_raw = usage.size_bytes;
  dto.disk_use = HumanReadableSize(usage.used_bytes);
  dto.disk_use_raw = usage.used_bytes;
  if (usage.size_bytes > 0) {
    const double percent = 100.0 * static_cast<double>(usage.used_bytes) / static_cast<double>(usage.size_bytes);
    dto.disk_usage_percentage = std::round(percent * 100) / 100;
  }
  return dto;
}

}  // namespace immich::server_info
