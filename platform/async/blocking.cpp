#include "platform/async/blocking.hpp"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>

namespace immich {
namespace {

namespace asio = boost::asio;

/// The process-wide pool and the number of unfinished works for each event loop that waits for some.
struct Pool {
  std::mutex mutex;
  std::condition_variable finished;
  std::unique_ptr<asio::thread_pool> threads;
  std::map<asio::execution_context*, std::size_t> unfinished;
};

Pool& ThePool() {
  // Never destroyed: pool threads may outlive static destruction when main does not stop them.
  static Pool* pool = new Pool;
  return *pool;
}

asio::thread_pool& Threads(Pool& pool, std::size_t threads) {
  std::lock_guard lock(pool.mutex);
  if (!pool.threads) pool.threads = std::make_unique<asio::thread_pool>(std::max<std::size_t>(threads, 1));
  return *pool.threads;
}

asio::execution_context* ContextOf(const asio::any_io_executor& executor) {
  return &asio::query(executor, asio::execution::context);
}

void Began(asio::execution_context* context) {
  Pool& pool = ThePool();
  std::lock_guard lock(pool.mutex);
  ++pool.unfinished[context];
}

void Ended(asio::execution_context* context) {
  Pool& pool = ThePool();
  std::lock_guard lock(pool.mutex);
  auto found = pool.unfinished.find(context);
  if (--found->second == 0) pool.unfinished.erase(found);
  pool.finished.notify_all();
}

/// Runs the work on a pool thread and posts its outcome to the coroutine's executor.
template <class Handler>
void Start(Handler handler, std::function<void()> work) {
  asio::any_io_executor executor = asio::get_associated_executor(handler);
  asio::execution_context* context = ContextOf(executor);
  auto tracked = asio::prefer(executor, asio::execution::outstanding_work.tracked);
  Began(context);
  asio::post(Threads(ThePool(), kDefaultBlockingThreads),
             [handler = std::move(handler), work = std::move(work), tracked = std::move(tracked), context]() mutable {
               std::exception_ptr failure;
               try {
                 work();
               } catch (...) {
                 failure = std::current_exception();
               }
               work = nullptr;
               {
                 // Nothing of the coroutine may be left in this thread when the work counts as ended.
                 auto executor = std::move(tracked);
                 asio::post(executor, [handler = std::move(handler), failure = std::move(failure)]() mutable {
                   std::move(handler)(std::move(failure));
                 });
               }
               Ended(context);
             });
}

}  // namespace

namespace detail {

Task<void> RunOnBlockingPool(std::function<void()> work) {
  auto initiate = [&work](auto handler) { Start(std::move(handler), std::move(work)); };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(initiate,
                                                                                          asio::use_awaitable);
}

void WaitForBlockingWork(asio::execution_context& context) {
  Pool& pool = ThePool();
  std::unique_lock lock(pool.mutex);
  pool.finished.wait(lock, [&] { return !pool.unfinished.contains(&context); });
}

}  // namespace detail

void StartBlockingPool(std::size_t threads) {
  Threads(ThePool(), threads);
}

void PostBlocking(std::function<void()> work) {
  asio::post(Threads(ThePool(), kDefaultBlockingThreads), std::move(work));
}

void StopBlockingPool() {
  Pool& pool = ThePool();
  std::unique_ptr<asio::thread_pool> threads;
  {
    std::lock_guard lock(pool.mutex);
    threads = std::move(pool.threads);
  }
  if (threads) threads->join();
}

}  // namespace immich
