#pragma once

#include <optional>
#include <string>

#include "platform/crypto/digest.hpp"

namespace immich::fs {

struct MoveOptions {
  /// Replace what is at the target; otherwise an existing target throws FileError with EEXIST and nothing changes.
  bool replace = false;
  /// Compared with what was copied when the move crosses file systems; a difference throws and keeps the source.
  std::optional<crypto::Sha1Digest> sha1 = std::nullopt;
};

/// Blocking. Moves a file durably; its content, mode and times stay. At every moment, also after a power failure,
/// either the source or the target is complete. Across file systems: copy beside the target, fsync, verify, rename,
/// remove.
void MoveFile(const std::string& from, const std::string& to, const MoveOptions& options = {});

/// Blocking. Copies content, mode and times to a new file at `to` with the same guarantees.
void CopyFile(const std::string& from, const std::string& to, const MoveOptions& options = {});

/// Blocking. Reads the whole file.
crypto::Sha1Digest HashFileSha1(const std::string& path);

}  // namespace immich::fs
