#pragma once

#include <functional>

#include "platform/async/task.hpp"
#include "platform/testing/pg_test_cluster.hpp"

namespace immich::pg {
class Pool;
}

namespace immich::testing {

/// A database of its own for a test, as a fresh installation has it after Migrate(). Copied from a template that is
/// migrated once per cluster and set of migrations, so that it takes some 50 ms.
class MigratedDatabase : public TestDatabase {
 public:
  MigratedDatabase();
};

/// Runs `body` to completion with a pool on `database`, on an event loop of its own.
void WithPool(const TestDatabase& database, const std::function<Task<void>(pg::Pool&)>& body);

}  // namespace immich::testing
