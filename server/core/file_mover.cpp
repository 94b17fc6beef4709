#include "server/core/file_mover.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <vector>

#include "core_sql.hpp"
#include "platform/async/blocking.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/fs/file_move.hpp"
#include "platform/log/log.hpp"

namespace immich {

namespace {

constexpr std::int64_t kMoveLock = 420;

enum class Whereabouts { kOld, kNew, kBoth, kNowhere };

struct Look {
  Whereabouts where = Whereabouts::kNowhere;
  /// Both are there with the same size.
  bool same_size = false;
};

Look LookFor(const std::string& from, const std::string& to) {
  struct stat old_info{}, new_info{};
  const bool is_old = stat(from.c_str(), &old_info) == 0;
  const bool is_new = stat(to.c_str(), &new_info) == 0;
  if (is_old && is_new) return {Whereabouts::kBoth, old_info.st_size == new_info.st_size};
  return {is_old ? Whereabouts::kOld : is_new ? Whereabouts::kNew : Whereabouts::kNowhere};
}

/// False when the target exists.
bool MoveOnDisk(const FileMove& move) {
  fs::EnsureDirectory(fs::ParentOf(move.to));
  try {
    fs::MoveFile(move.from, move.to, {.replace = move.replace, .sha1 = move.sha1});
  } catch (const fs::FileError& error) {
    if (error.error_number() == EEXIST) return false;
    throw;
  }
  return true;
}

}  // namespace

struct FileMover::Unfinished {
  Uuid id, entity;
  std::string path_type, from, to;
  std::optional<crypto::Sha1Digest> sha1;
};

Task<void> FileMover::Forget(Uuid id) {
  pg::Params params{id};
  co_await db_.Run(sql::kMoveHistoryEnd, std::move(params));
}

Task<void> FileMover::Store(Uuid id, Uuid entity, std::string path_type, std::string from, std::string to) {
  const pg::Statement& update = path_type == "original" ? sql::kMovedOriginalUpdate
                                : path_type == "face"   ? sql::kMovedPersonUpdate
                                                        : sql::kMovedFileUpdate;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params row{entity, from, to};
    co_await tx.Run(update, std::move(row));
    pg::Params history{id};
    co_await tx.Run(sql::kMoveHistoryEnd, std::move(history));
  });
}

Task<bool> FileMover::Move(FileMove move) {
  if (move.from.empty() || move.from == move.to) co_return true;
  co_await Recover(move.entity, move.path_type);
  pg::Params announcement{move.entity, move.path_type, move.from, move.to};
  const pg::Result announced = co_await db_.Run(sql::kMoveHistoryBegin, std::move(announcement));
  if (announced.empty()) co_return false;
  const Uuid id = announced[0].Get<Uuid>(0);
  bool moved = false;
  std::exception_ptr failure;
  try {
    moved = co_await RunBlocking([move] { return MoveOnDisk(move); });
  } catch (const Error&) {
    failure = std::current_exception();
  }
  if (!moved) {
    co_await Forget(id);
    if (failure) std::rethrow_exception(failure);
    co_return false;
  }
  co_await Store(id, move.entity, std::move(move.path_type), std::move(move.from), std::move(move.to));
  co_return true;
}

/// Called for a move whose program died between announcement and end.
Task<void> FileMover::Finish(const Unfinished& move) {
  const std::string from = move.from, to = move.to;
  const auto sha1 = move.sha1;
  Look look = co_await RunBlocking([from, to] { return LookFor(from, to); });
  if (look.where == Whereabouts::kBoth && look.same_size) {
    // Copied to another file system, not yet removed here. The old file goes only when the new one is proven equal.
    const bool equal = co_await RunBlocking([from, to, sha1] {
      const bool same = fs::HashFileSha1(to) == (sha1 ? *sha1 : fs::HashFileSha1(from));
      if (same) fs::RemoveFile(from);
      return same;
    });
    look.where = equal ? Whereabouts::kNew : Whereabouts::kOld;
  }
  if (look.where == Whereabouts::kNew) {
    log::Info("Storage", "Finishing the move of {} to {}", from, to);
    co_await Store(move.id, move.entity, move.path_type, from, to);
    co_return;
  }
  if (look.where == Whereabouts::kNowhere) log::Warn("Storage", "A file is neither at {} nor at {}", from, to);
  co_await Forget(move.id);
}

Task<void> FileMover::Recover(Uuid entity, std::string path_type) {
  pg::Params params{entity, path_type};
  const pg::Result found = co_await db_.Run(sql::kMoveHistoryFind, std::move(params));
  if (found.empty()) co_return;
  const Unfinished move{found[0].Get<Uuid>(0),        entity,      std::move(path_type), found[0].Get<std::string>(1),
                        found[0].Get<std::string>(2), std::nullopt};
  co_await Finish(move);
}

Task<void> FileMover::RecoverAll() {
  const pg::Pool::AdvisoryLock lock = co_await db_.TryAdvisoryLock(kMoveLock);
  if (!lock) co_return;
  const pg::Result rows = co_await db_.Run(sql::kMoveHistoryList);
  for (const pg::Row row : rows) {
    Unfinished move{row.Get<Uuid>(0),        row.Get<Uuid>(1),        row.Get<std::string>(2),
                    row.Get<std::string>(3), row.Get<std::string>(4), std::nullopt};
    if (const auto checksum = row.Find<std::vector<std::uint8_t>>(5); checksum && checksum->size() == 20) {
      std::copy_n(checksum->begin(), checksum->size(), move.sha1.emplace().begin());
    }
    try {
      co_await Finish(move);
    } catch (const InternalError& error) {
      log::Error("Storage", "The move of {} could not be finished: {}", move.from, error.detail());
    }
  }
}

}  // namespace immich
