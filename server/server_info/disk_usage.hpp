#pragma once

#include <cstdint>
#include <string>

#include "api/server_types.hpp"
#include "platform/async/task.hpp"

namespace immich::server_info {

struct DiskUsage {
  std::int64_t size_bytes = 0;
  /// Occupied, without what is reserved for the administrator.
  std::int64_t used_bytes = 0;
  /// Free for everybody.
  std::int64_t available_bytes = 0;
};

/// Of the file system that holds `folder`; off the event loop, because a network file system may take its time. Throws
/// InternalError.
Task<DiskUsage> ReadDiskUsage(std::string folder);

api::ServerStorageResponseDto Describe(const DiskUsage& usage);

/// `65.7 GiB`: one decimal from KiB on.
std::string HumanReadableSize(std::int64_t bytes);

}  // namespace immich::server_info
