#pragma once

#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"

namespace immich {

/// Files a job is making: each is written under a temporary name beside its target and appears there in one step. What
/// is not published disappears with this object, so that a job that fails or is cancelled leaves nothing behind.
class PendingFiles {
 public:
  PendingFiles() = default;
  PendingFiles(const PendingFiles&) = delete;
  PendingFiles& operator=(const PendingFiles&) = delete;
  /// Removes temporary files that are left, on the blocking pool.
  ~PendingFiles();

  /// The temporary name for `target`.
  std::string Add(std::string target);
  /// Gives all files, whose content must be on the disk, their target names (replacing what is there) and makes that
  /// durable. On failure some may have theirs.
  Task<void> Publish();
  /// Removes what was written, where the caller finds that it is not needed, and waits for it.
  Task<void> Discard();
  std::vector<std::string> targets() const;

 private:
  /// {temporary, target}
  std::vector<std::pair<std::string, std::string>> files_;
};

/// Removes files that nothing refers to any more; failures are logged.
Task<void> RemoveFiles(std::vector<std::string> paths);

}  // namespace immich
