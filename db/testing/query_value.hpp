#pragma once

#include <cstdint>
#include <string>

#include "platform/pg/pg_pool.hpp"

namespace immich::testing {

/// The integer in the first column of the first row; `query` must return a row.
inline Task<std::int64_t> QueryNumber(pg::Db& db, std::string query) {
  const pg::Result rows = co_await db.RunDynamic(std::move(query));
  co_return rows[0].Get<std::int64_t>(0);
}

/// The text in the first column of the first row; `query` must return a row.
inline Task<std::string> QueryText(pg::Db& db, std::string query) {
  const pg::Result rows = co_await db.RunDynamic(std::move(query));
  co_return rows[0].Get<std::string>(0);
}

}  // namespace immich::testing
