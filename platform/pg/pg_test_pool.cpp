#include "platform/pg/pg_test_pool.hpp"

#include "platform/testing/pg_test_cluster.hpp"

namespace immich::pg {

std::string TestUrl() {
  static const testing::TestDatabase database;
  return database.url();
}

}  // namespace immich::pg
