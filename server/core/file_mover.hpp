#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich {

/// A file the database refers to, and where it shall be.
struct FileMove {
  Uuid entity;
  /// move_history.pathType: `original`, `sidecar`, `preview`, `thumbnail`, `fullsize`, `encoded_video`, `face`.
  std::string path_type;
  std::string from;
  std::string to;
  /// Checked when the file crosses file systems.
  std::optional<crypto::Sha1Digest> sha1 = std::nullopt;
  /// Replace what is at the target. For files that can be made again.
  bool replace = false;
};

/// Moves files and the paths in their rows together. A move is announced in move_history, done on disk, then written to
/// the row in one transaction with the end of the announcement; whatever stops it in between, Recover brings row and
/// file together again.
class FileMover {
 public:
  explicit FileMover(pg::Pool& db) : db_(db) {}

  /// False, with everything as it was, when the target is taken by another file or another move. Throws when the file
  /// cannot be moved.
  Task<bool> Move(FileMove move);
  /// Finishes or takes back an unfinished move of one file, if there is one.
  Task<void> Recover(Uuid entity, std::string path_type);
  /// The same for all; at start, under the advisory lock for moves (420), before any job moves files.
  Task<void> RecoverAll();

 private:
  struct Unfinished;
  Task<void> Finish(const Unfinished& move);
  Task<void> Store(Uuid id, Uuid entity, std::string path_type, std::string from, std::string to);
  Task<void> Forget(Uuid id);

  pg::Pool& db_;
};

}  // namespace immich
