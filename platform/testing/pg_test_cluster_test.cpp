#include "platform/testing/pg_test_cluster.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/error/error.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::testing {
namespace {

TEST(TestDatabaseTest, IsEmptyAndOwn) {
  const TestDatabase first;
  const TestDatabase second;
  first.Run("CREATE TABLE a (x int); INSERT INTO a VALUES (1), (2);");
  EXPECT_EQ(first.Run("SELECT x, x * 2 FROM a ORDER BY x;"), "1|2\n2|4");
  EXPECT_EQ(second.Run("SELECT count(*) FROM pg_class WHERE relname = 'a';"), "0");
  EXPECT_THROW(second.Run("SELECT * FROM a;"), InternalError);
}

TEST(TestDatabaseTest, HasWhatTheSchemaNeeds) {
  const TestDatabase database;
  database.Run(
      "CREATE EXTENSION vector; CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION pg_trgm;"
      "CREATE EXTENSION unaccent; CREATE EXTENSION \"uuid-ossp\";");
  EXPECT_EQ(database.Run("SELECT '[1,2,3]'::vector <-> '[1,2,4]'::vector;"), "1");
  EXPECT_EQ(database.Run("SELECT show_trgm('é')::text ~ 'é' OR array_length(show_trgm('é'), 1) = 2;"), "t");
}

TEST(TestDatabaseTest, TemplatesAreMadeOnceAndCopied) {
  const std::string name = "cluster test " + Uuid::Random().ToString();
  std::atomic<int> prepared = 0;
  const auto prepare = [&](const std::string& url) {
    ++prepared;
    EXPECT_NE(url.find("template_"), std::string::npos);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const TestDatabase copy(name, prepare);
      EXPECT_EQ(copy.Run("SELECT 1;"), "1");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(prepared, 1);
}

TEST(TestDatabaseTest, DropsItself) {
  std::string name;
  {
    const TestDatabase gone;
    name = gone.name();
  }
  const TestDatabase other;
  EXPECT_EQ(other.Run("SELECT count(*) FROM pg_database WHERE datname = '" + name + "';"), "0");
}

TEST(PgTestServerTest, RestartsAfterACrash) {
  PgTestServer server;
  EXPECT_NE(server.Url(), server.Url("postgres"));
  server.Crash();
  server.Crash();
}

}  // namespace
}  // namespace immich::testing
