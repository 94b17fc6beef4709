// Measures smart search with an owner filter against comparing everything. usage: vector_bench URL [assets]
// URL: an empty, migrated database, whose tables are filled, or one this program has filled before.
#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>
#include <set>

#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/smart_search/nearest_query.hpp"

namespace immich::smart_search {
namespace {

constexpr int kDimension = 512;
constexpr std::int64_t kWanted = 100;
constexpr int kQueries = 20;
// Pictures of a library are of so many kinds; a picture lies around the middle of its kind.
constexpr int kKinds = 1500;
constexpr float kSpread = 0.7F;
// Owners and their shares of the library in percent.
constexpr int kShares[] = {50, 30, 15, 4, 1};

class Pictures {
 public:
  Pictures() : kinds_(kKinds, std::vector<float>(kDimension)) {
    for (auto& kind : kinds_) {
      for (float& number : kind) number = Normal();
    }
  }
  /// Vector literal of a picture of some kind.
  std::string Next() {
    const std::vector<float>& kind = kinds_[random_() % kKinds];
    std::string text = "[";
    for (const float number : kind) text += fmt::format("{:.3f},", number + kSpread * Normal());
    text.back() = ']';
    return text;
  }

 private:
  float Normal() { return normal_(random_); }

  std::mt19937 random_{7};
  std::normal_distribution<float> normal_;
  std::vector<std::vector<float>> kinds_;
};

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

Task<std::vector<UserId>> Fill(pg::Pool& db, Pictures& pictures, int assets) {
  std::vector<UserId> owners;
  co_await db.RunScript("DROP INDEX IF EXISTS clip_index");
  for (const int share : kShares) {
    const std::string email = fmt::format("share{}@example.com", share);
    pg::Params user{email};
    const pg::Result made =
        co_await db.RunDynamic(R"(INSERT INTO "user" (email, name) VALUES ($1, $1) RETURNING id)", std::move(user));
    owners.push_back(made[0].Get<UserId>(0));
    const int count = assets / 100 * share;
    for (int done = 0; done < count; done += 500) {
      std::vector<std::string> vectors;
      for (int i = 0; i < std::min(500, count - done); ++i) vectors.push_back(pictures.Next());
      pg::Params params{owners.back(), vectors};
      co_await db.RunDynamic(R"(WITH made AS (
  INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime", checksum,
                     "checksumAlgorithm", "originalFileName")
  SELECT w.id, $1, 'IMAGE', '/a', now(), now(), now(), decode(md5(w.id::text), 'hex'), 'sha1', 'a.jpg'
  FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, cardinality($2::text[]))) w
  RETURNING id
), numbered AS (SELECT id, row_number() OVER () AS place FROM made)
INSERT INTO smart_search SELECT n.id, v.vector::vector
FROM numbered n JOIN unnest($2::text[]) WITH ORDINALITY AS v (vector, place) USING (place))",
                             std::move(params));
    }
  }
  co_return owners;
}

struct Figures {
  int found = 0, wanted = 0;
  bool compares_all = false;
  double seconds = 0, exact_seconds = 0;
};

std::set<Uuid> Ids(const pg::Result& rows) {
  std::set<Uuid> ids;
  for (const pg::Row row : rows) ids.insert(row.Get<Uuid>(0));
  return ids;
}

Task<void> Compare(pg::Pool& db, UserId owner, const std::string& vector, Figures& figures) {
  api::SmartSearchDto request;
  search::SearchScope scope;
  scope.owners.push_back(owner);
  const NearestPage page{.offset = 0, .limit = kWanted};
  pg::Result exact;
  {
    QueryBuilder query = BuildNearest(scope, request, vector, page, true);
    const auto start = std::chrono::steady_clock::now();
    exact = co_await db.RunDynamic(query.TakeText(), query.TakeParams());
    figures.exact_seconds += Seconds(start);
  }
  const auto start = std::chrono::steady_clock::now();
  const pg::Result rows = co_await FindNearest(db, scope, request, vector, page);
  figures.seconds += Seconds(start);
  figures.compares_all = co_await EstimateCandidates(db, scope, request) <= kComparedUpTo;
  const std::set<Uuid> right = Ids(exact);
  for (const Uuid& id : Ids(rows)) figures.found += static_cast<int>(right.contains(id));
  figures.wanted += static_cast<int>(right.size());
}

/// The owners of a library that is there already, biggest share first.
Task<std::vector<UserId>> FindOwners(pg::Pool& db) {
  std::vector<UserId> owners;
  const pg::Result rows = co_await db.RunDynamic(
      R"(SELECT id FROM "user" WHERE email LIKE 'share%' ORDER BY substring(email FROM '[0-9]+')::int DESC)", {});
  for (const pg::Row row : rows) owners.push_back(row.Get<UserId>(0));
  co_return owners;
}

Task<std::vector<UserId>> MakeLibrary(pg::Pool& db, Pictures& pictures, int assets) {
  auto start = std::chrono::steady_clock::now();
  const std::vector<UserId> owners = co_await Fill(db, pictures, assets);
  fmt::print("{} vectors of {} numbers stored in {:.0f} s\n", assets, kDimension, Seconds(start));
  start = std::chrono::steady_clock::now();
  co_await db.RunScript(
      "SET maintenance_work_mem = '2GB'; CREATE INDEX clip_index ON smart_search USING hnsw (embedding "
      "vector_cosine_ops) "
      "WITH (ef_construction = 300, m = 16); RESET maintenance_work_mem");
  co_await db.RunScript("VACUUM ANALYZE smart_search, asset");
  fmt::print("index built in {:.0f} s\n", Seconds(start));
  co_return owners;
}

Task<bool> Measure(pg::Pool& db, int assets) {
  Pictures pictures;
  std::vector<UserId> owners = co_await FindOwners(db);
  if (owners.empty()) owners = co_await MakeLibrary(db, pictures, assets);
  fmt::print("\nshare  recall@{}  search ms  exact ms  ratio  by\n", kWanted);
  bool is_good = true;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    Figures figures;
    for (int query = 0; query < kQueries; ++query) co_await Compare(db, owners[i], pictures.Next(), figures);
    const double recall = static_cast<double>(figures.found) / figures.wanted;
    is_good = is_good && recall >= 0.98;
    fmt::print("{:4}%  {:10.4f}  {:9.1f}  {:8.1f}  {:5.2f}  {}\n", kShares[i], recall,
               1000 * figures.seconds / kQueries, 1000 * figures.exact_seconds / kQueries,
               figures.seconds / figures.exact_seconds, figures.compares_all ? "comparison" : "index");
    std::fflush(stdout);
  }
  fmt::print("\nrecall@{} of at least 0.98 for every owner: {}\n", kWanted, is_good ? "yes" : "NO");
  co_return is_good;
}

int Run(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: vector_bench URL [assets]\n");
    return 2;
  }
  bool is_good = false;
  RunToCompletion([&]() -> Task<void> {
    pg::PoolOptions options;
    options.url = argv[1];
    options.max_connections = 1;
    pg::Pool db(co_await boost::asio::this_coro::executor, std::move(options));
    is_good = co_await Measure(db, argc > 2 ? std::atoi(argv[2]) : 200'000);
    db.Close();
  });
  return is_good ? 0 : 1;
}

}  // namespace
}  // namespace immich::smart_search

int main(int argc, char** argv) {
  return immich::smart_search::Run(argc, argv);
}
