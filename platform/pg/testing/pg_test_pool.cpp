#include "platform/pg/testing/pg_test_pool.hpp"

#include "platform/testing/pg_test_cluster.hpp"

namespace immich::pg {

std::string TestUrl() {
  static const testing::TestDatabase kDatabase;
  return kDatabase.url();
}

}  // namespace immich::pg
