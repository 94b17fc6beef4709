#include "server/core/tag_tree.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core_sql.hpp"

namespace immich {

namespace {

/// The path without empty parts.
std::string Tidy(const std::string& path) {
  std::string out;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) {
      if (!out.empty()) out += '/';
      out.append(path, begin, end - begin);
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::vector<std::string> TagPathSteps(const std::vector<std::string>& paths) {
  std::set<std::pair<std::ptrdiff_t, std::string>> steps;
  for (const std::string& path : paths) {
    std::string step = Tidy(path);
    while (!step.empty()) {
      const std::ptrdiff_t depth = std::ranges::count(step, '/');
      if (!steps.emplace(depth, step).second) break;
      const std::size_t slash = step.rfind('/');
      step.resize(slash == std::string::npos ? 0 : slash);
    }
  }
  std::vector<std::string> out;
  for (const auto& [depth, step] : steps) out.push_back(step);
  return out;
}

Task<std::vector<TagId>> UpsertTagPaths(pg::Transaction& tx, UserId user, std::vector<std::string> paths) {
  std::map<std::ptrdiff_t, std::vector<std::string>> levels;
  for (std::string& step : TagPathSteps(paths)) levels[std::ranges::count(step, '/')].push_back(std::move(step));
  for (const auto& [depth, values] : levels) {
    std::vector<std::string> parents;
    for (const std::string& value : values) {
      const std::size_t slash = value.rfind('/');
      parents.push_back(slash == std::string::npos ? std::string() : value.substr(0, slash));
    }
    pg::Params level{user, values, parents};
    co_await tx.Run(sql::kTagLevelInsert, std::move(level));
  }
  for (std::string& path : paths) path = Tidy(path);
  pg::Params wanted{user, paths};
  const pg::Result rows = co_await tx.Run(sql::kTagValuesFind, std::move(wanted));
  std::vector<TagId> ids;
  for (const pg::Row row : rows) ids.push_back(row.Get<TagId>(0));
  co_return ids;
}

}  // namespace immich
