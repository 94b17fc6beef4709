#pragma once

#include <cstdint>
#include <string>

namespace immich::fs {

// Everything here blocks: call it inside RunBlocking.

/// `mkdir -p` that survives a power failure: the parent of every folder it creates is synced.
void EnsureDirectory(const std::string& path, unsigned mode = 0755);
/// Makes renames, creations and removals in `path` durable. File systems that cannot do it are taken as they are.
void SyncDirectory(const std::string& path);
/// False when there was no such file.
bool RemoveFile(const std::string& path);
/// Everything before the last `/`; `.` when there is none, `/` for the root.
std::string ParentOf(const std::string& path);
/// A name in the folder of `path` that nothing uses and that a crash may leave behind: `.<name>.<random>.part`.
std::string TemporaryNameBeside(const std::string& path);

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;
  /// Without what is reserved for root.
  std::uint64_t available_bytes = 0;
};
/// Of the file system that holds `path`.
DiskSpace GetDiskSpace(const std::string& path);

}  // namespace immich::fs
