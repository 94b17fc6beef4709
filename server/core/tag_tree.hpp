#pragma once

#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich {

/// The steps of tag paths, parents first and without repeats: `a/b` gives `a`, `a/b`. Empty parts are dropped.
std::vector<std::string> TagPathSteps(const std::vector<std::string>& paths);

/// Makes sure the user has the tags of these paths with all their parents, and returns the ids of the paths themselves.
/// In the caller's transaction.
Task<std::vector<TagId>> UpsertTagPaths(pg::Transaction& tx, UserId user, std::vector<std::string> paths);

}  // namespace immich
