#include "platform/pg/pg_pool.hpp"

#include <fmt/format.h>

#include <boost/system/system_error.hpp>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool_impl.hpp"

namespace immich::pg {
namespace {

/// Serialization failures, deadlocks, stale plans, and a connection lost before COMMIT.
bool IsWorthRetrying(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const StalePlan&) {
    return true;
  } catch (const QueryError& refused) {
    return refused.is_retryable();
  } catch (const ConnectionBroken&) {
    return true;
  } catch (...) {
    return false;
  }
}

bool IsStalePlan(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const StalePlan&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

Task<Result> Transaction::Run(const Statement& statement, Params params) {
  const Statement copy = statement;
  co_return co_await connection_.Run(copy, params);
}

Task<Result> Transaction::RunDynamic(std::string text, Params params) {
  co_return co_await connection_.RunDynamic(text, params);
}

Task<void> Transaction::Stream(std::string text, Params params, std::function<Task<void>(Row)> on_row) {
  co_await connection_.Stream(text, params, on_row);
}

Task<std::vector<Result>> Transaction::RunPipeline(std::vector<std::pair<Statement, Params>> batch) {
  co_return co_await connection_.RunPipeline(batch);
}

Task<void> Transaction::RunScript(std::string sql) {
  co_await connection_.RunScript(sql);
}

Pool::Pool(boost::asio::any_io_executor executor, PoolOptions options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}

Pool::~Pool() {
  impl_->Close();
}

boost::asio::any_io_executor Pool::executor() const {
  return impl_->executor;
}

Task<Result> Pool::Run(const Statement& statement, Params params) {
  const auto impl = impl_;
  const Statement copy = statement;
  auto call = [&](Connection& connection) { return connection.Run(copy, params); };
  co_return co_await impl->RunLeased(call);
}

Task<Result> Pool::RunDynamic(std::string text, Params params) {
  const auto impl = impl_;
  auto call = [&](Connection& connection) { return connection.RunDynamic(text, params); };
  co_return co_await impl->RunLeased(call);
}

Task<void> Pool::Stream(std::string text, Params params, std::function<Task<void>(Row)> on_row) {
  const auto impl = impl_;
  auto call = [&](Connection& connection) { return connection.Stream(text, params, on_row); };
  co_await impl->RunLeased(call);
}

Task<std::vector<Result>> Pool::RunPipeline(std::vector<std::pair<Statement, Params>> batch) {
  const auto impl = impl_;
  auto call = [&](Connection& connection) { return connection.RunPipeline(batch); };
  co_return co_await impl->RunLeased(call);
}

Task<void> Pool::RunScript(std::string sql) {
  const auto impl = impl_;
  auto call = [&](Connection& connection) { return connection.RunScript(sql); };
  co_await impl->RunLeased(call);
}

Task<void> Pool::InTransaction(std::function<Task<void>(Transaction&)> body) {
  constexpr int kAttempts = 4;
  const auto impl = impl_;
  for (int attempt = 1;; ++attempt) {
    const std::exception_ptr error = co_await impl->TryTransaction(body);
    if (!error) co_return;
    if (attempt == kAttempts || !IsWorthRetrying(error)) std::rethrow_exception(error);
    if (IsStalePlan(error)) impl->ForgetPlans();
    // Those that collided should not meet again.
    co_await SleepFor(std::chrono::milliseconds(attempt * attempt * 5));
  }
}

void Pool::Listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
                  std::function<void()> on_listening, std::function<void()> on_lost) {
  impl_->Listen(std::move(channel), {{std::move(on_notify)}, {std::move(on_listening)}, {std::move(on_lost)}});
}

bool Pool::TakeNotifications() {
  return impl_->TakeNotifications();
}

Task<bool> Pool::CatchUpWithNotifications() {
  const auto impl = impl_;
  co_return co_await impl->CatchUp();
}

bool Pool::AdvisoryLock::IsHeld() const {
  return connection_ && connection_->IsAlive();
}

Task<Pool::AdvisoryLock> Pool::TryAdvisoryLock(std::int64_t key) {
  const auto impl = impl_;
  auto connection = co_await impl->OpenOwn();
  const Params params(key);
  const Result result = co_await connection->RunDynamic("SELECT pg_try_advisory_lock($1)", params);
  if (!result[0].Get<bool>(0)) co_return AdvisoryLock();
  co_return AdvisoryLock(std::move(connection));
}

Task<Pool::AdvisoryLock> Pool::WaitForAdvisoryLock(std::int64_t key) {
  const auto impl = impl_;
  auto connection = co_await impl->OpenOwn();
  const Params params(key);
  co_await connection->RunDynamic("SELECT pg_advisory_lock($1)", params);
  co_return AdvisoryLock(std::move(connection));
}

Task<bool> Pool::Ping(std::chrono::milliseconds timeout) {
  const auto impl = impl_;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  try {
    Impl::Lease lease = co_await impl->Acquire(timeout);
    lease->SetDeadline(deadline);
    const Params none;
    const Result result = co_await lease->RunDynamic("SELECT 1", none);
    co_return result.size() == 1;
  } catch (const Error&) {
    co_return false;
  }
}

void Pool::Close() {
  impl_->Close();
}

PoolStats Pool::stats() const {
  return {impl_->in_use, impl_->idle.size(), impl_->waiters.size()};
}

}  // namespace immich::pg
