#pragma once

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/http/socket_io.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/testing/redis_test_server.hpp"
#include "server/core/account_store.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/system_config.hpp"

namespace immich::testing {

/// Keeps what services queue.
class KeptJobs : public JobSink {
 public:
  using JobSink::Enqueue;
  Task<void> Enqueue(std::vector<Request> requests) override {
    for (Request& request : requests) queued.push_back(std::move(request));
    co_return;
  }
  std::vector<Request> queued;
};

/// A fresh installation and what the services of accounts are built from, on a real PostgreSQL and Redis.
struct AccountRig {
  explicit AccountRig(pg::Pool& pool)
      : db(pool),
        redis(pool.executor(), RedisOptions()),
        emitter(redis),
        events(emitter),
        config(pool, {}),
        sessions(std::make_shared<SessionRegistry>(pool.executor(), pool, events)),
        authenticator(pool),
        accounts(pool) {}

  redis::Options RedisOptions() const {
    redis::Options options;
    options.socket_path = redis_server.socket_path();
    return options;
  }

  /// An account with the password `secret <email>`.
  Task<UserId> AddUser(std::string email, bool is_admin = false) {
    NewAccount account;
    account.password_hash = co_await HashSecret("secret " + email);
    account.email = std::move(email);
    account.name = "Somebody";
    account.is_admin = is_admin;
    const api::UserAdminResponseDto made = co_await accounts.Insert(std::move(account));
    co_return UserId(made.id);
  }

  /// What a request with the session token would be.
  Task<AuthContext> Authenticate(std::string token) {
    http::Request request;
    request.headers.Add("authorization", "Bearer " + token);
    co_return co_await authenticator.Authenticate(request);
  }

  Task<AuthContext> BeginSession(UserId user) {
    NewSession session;
    session.user = user;
    const BegunSession begun = co_await sessions->Begin(std::move(session));
    co_return co_await Authenticate(begun.token);
  }

  /// AddUser and BeginSession.
  Task<AuthContext> SignIn(std::string email, bool is_admin = false) {
    const UserId user = co_await AddUser(std::move(email), is_admin);
    co_return co_await BeginSession(user);
  }

  RedisTestServer redis_server;
  pg::Pool& db;
  redis::Client redis;
  http::SocketIoEmitter emitter;
  ClientEvents events;
  SystemConfig config;
  std::shared_ptr<SessionRegistry> sessions;
  Authenticator authenticator;
  AccountStore accounts;
  KeptJobs jobs;
};

inline void WithAccounts(const std::function<Task<void>(AccountRig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    AccountRig rig(pool);
    co_await rig.config.Load();
    co_await body(rig);
  });
}

/// `400 Wrong password` when the task throws that; `accepted` when it does not throw.
template <class T>
Task<std::string> Refusal(Task<T> task) {
  try {
    co_await std::move(task);
  } catch (const Error& error) {
    co_return fmt::format("{} {}", error.http_status(), error.what());
  }
  co_return std::string("accepted");
}

}  // namespace immich::testing
