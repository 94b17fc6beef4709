// Measures platform/pg from one thread. usage: pg_bench URL [seconds]
#include <fmt/core.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <cstdlib>

#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {
namespace {

using Clock = std::chrono::steady_clock;
constexpr pg::Statement kSelectOne{"bench_select_one", "SELECT $1::int4"};
constexpr int kPipelined = 100;

struct Progress {
  Clock::time_point end;
  std::size_t queries = 0;
  std::size_t running = 0;
};

Task<void> RunClient(pg::Pool& pool, Progress& progress) {
  while (Clock::now() < progress.end) {
    const pg::Result result = co_await pool.Run(kSelectOne, pg::Params(7));
    if (result[0].Get<int>(0) != 7) std::abort();
    ++progress.queries;
  }
  --progress.running;
}

Task<void> RunPipelineClient(pg::Pool& pool, Progress& progress) {
  while (Clock::now() < progress.end) {
    std::vector<std::pair<pg::Statement, pg::Params>> batch(kPipelined, {kSelectOne, pg::Params(7)});
    progress.queries += (co_await pool.RunPipeline(std::move(batch))).size();
  }
  --progress.running;
}

Task<void> RunTransactionClient(pg::Pool& pool, Progress& progress) {
  while (Clock::now() < progress.end) {
    co_await pool.InTransaction([](pg::Transaction& tx) -> Task<void> { co_await tx.Run(kSelectOne, pg::Params(7)); });
    ++progress.queries;
  }
  --progress.running;
}

using Client = Task<void> (*)(pg::Pool&, Progress&);

Task<void> Measure(pg::Pool& pool, const char* name, Client client, std::size_t clients, std::chrono::seconds time) {
  co_await pool.Run(kSelectOne, pg::Params(7));
  const auto start = Clock::now();
  const auto cpu_start = std::clock();
  Progress progress{start + time, 0, clients};
  const auto executor = co_await boost::asio::this_coro::executor;
  for (std::size_t i = 0; i < clients; ++i) Spawn(executor, "Bench", client(pool, progress));
  while (progress.running > 0) co_await SleepFor(std::chrono::milliseconds(20));
  const std::chrono::duration<double> seconds = Clock::now() - start;
  const double cpu_us = static_cast<double>(std::clock() - cpu_start) * 1e6 / CLOCKS_PER_SEC;
  fmt::print("{:24} {:3} clients {:8.0f} /s {:6.1f} us client CPU each\n", name, clients,
             static_cast<double>(progress.queries) / seconds.count(), cpu_us / static_cast<double>(progress.queries));
}

Task<void> RunAll(std::string url, std::chrono::seconds time) {
  pg::PoolOptions options;
  options.url = std::move(url);
  pg::Pool pool(co_await boost::asio::this_coro::executor, options);
  co_await Measure(pool, "query", &RunClient, 1, time);
  co_await Measure(pool, "query", &RunClient, 4, time);
  co_await Measure(pool, "query", &RunClient, 50, time);
  co_await Measure(pool, "pipeline of 100", &RunPipelineClient, 1, time);
  co_await Measure(pool, "transaction of 1", &RunTransactionClient, 4, time);
}

}  // namespace
}  // namespace immich

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: pg_bench URL [seconds]\n");
    return 2;
  }
  const std::chrono::seconds time(argc > 2 ? std::atoi(argv[2]) : 3);
  immich::RunToCompletion([&]() -> immich::Task<void> { co_await immich::RunAll(argv[1], time); });
  return 0;
}
