#include <gtest/gtest.h>

#include <fstream>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/http/socket_io.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/testing/redis_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/client_events.hpp"
#include "server/core/system_config.hpp"
#include "server/system_config/system_config_service.hpp"

namespace immich::system_config {
namespace {

constexpr const char* kStored = "SELECT value::text FROM system_metadata WHERE key = 'system-config'";

class SystemConfigTest : public ::testing::Test {
 protected:
  struct Parts {
    pg::Pool& pool;
    SystemConfig& config;
    ClientEvents& events;
    redis::Options redis;
  };

  void With(const std::function<Task<void>(Parts)>& body, SystemConfigOptions options = {}) {
    testing::WithPool(database_, [&](pg::Pool& pool) -> Task<void> {
      redis::Options redis_options;
      redis_options.socket_path = redis_.socket_path();
      redis::Client redis(pool.executor(), redis_options);
      http::SocketIoEmitter emitter(redis);
      ClientEvents events(emitter);
      SystemConfig config(pool, options);
      co_await config.Load();
      Parts parts{pool, config, events, redis_options};
      co_await body(parts);
      redis.Close();
    });
  }

  testing::RedisTestServer redis_;

 private:
  testing::MigratedDatabase database_;
};

/// Message of the refusal of an update, or empty.
Task<std::string> Refusal(SystemConfigService& service, api::AdminConfigDto wanted) {
  std::string message;
  try {
    co_await service.Update(std::move(wanted));
  } catch (const BadRequest& error) {
    message = error.what();
  }
  co_return message;
}

TEST_F(SystemConfigTest, StoresOnlyWhatDiffersAndReturnsAll) {
  With([](Parts parts) -> Task<void> {
    SystemConfigService service(parts.config, parts.events, false);
    api::AdminConfigDto wanted = parts.config.current();
    wanted.trash.days = 7;
    wanted.job.metadata_extraction.concurrency = 9;
    const api::AdminConfigDto now = co_await service.Update(wanted);
    EXPECT_EQ(now, wanted);
    EXPECT_EQ(co_await testing::QueryText(parts.pool, kStored),
              R"({"job": {"metadataExtraction": {"concurrency": 9}}, "trash": {"days": 7}})");
    wanted = parts.config.defaults();
    co_await service.Update(wanted);
    EXPECT_EQ(co_await testing::QueryText(parts.pool, kStored), "{}");
  });
}

TEST_F(SystemConfigTest, ARefusedChangeChangesNothing) {
  With([](Parts parts) -> Task<void> {
    SystemConfigService service(parts.config, parts.events, false);
    api::AdminConfigDto wanted = parts.config.current();
    wanted.trash.days = 7;
    wanted.storage_template.template_ = "{{nothing}}";
    EXPECT_NE(co_await Refusal(service, wanted), "");
    EXPECT_EQ(parts.config.current().trash.days, 30);
    EXPECT_EQ(co_await testing::QueryNumber(parts.pool, "SELECT count(*) FROM system_metadata"), 0);
  });
}

TEST_F(SystemConfigTest, OtherProcessesFollow) {
  With([](Parts parts) -> Task<void> {
    SystemConfig other(parts.pool, SystemConfigOptions{});
    co_await other.Load();
    std::int64_t seen = 0;
    other.OnChange([&](const api::AdminConfigDto&, const api::AdminConfigDto& now) { seen = now.trash.days; });
    other.Follow();
    SystemConfigService service(parts.config, parts.events, false);
    // Listening begins a moment after Follow; each change says it again.
    std::int64_t days = 0;
    while (seen == 0) {
      api::AdminConfigDto wanted = parts.config.current();
      wanted.trash.days = ++days;
      co_await service.Update(std::move(wanted));
      co_await SleepFor(std::chrono::milliseconds(5));
    }
    EXPECT_GT(seen, 0);
  });
}

TEST_F(SystemConfigTest, ClientsAreTold) {
  With([](Parts parts) -> Task<void> {
    redis::Subscriber subscriber(parts.pool.executor(), parts.redis);
    int told = 0;
    subscriber.Subscribe("immich:socket.io", [&](std::string_view payload) {
      told += payload.find("on_config_update") != std::string_view::npos ? 1 : 0;
    });
    SystemConfigService service(parts.config, parts.events, false);
    while (told == 0) {
      co_await service.Update(parts.config.defaults());
      co_await SleepFor(std::chrono::milliseconds(5));
    }
    EXPECT_GT(told, 0);
    subscriber.Close();
  });
}

TEST_F(SystemConfigTest, AFileMakesTheConfigurationReadOnly) {
  const testing::TemporaryDirectory folder;
  SystemConfigOptions options;
  options.file = folder / "immich.yaml";
  std::ofstream(options.file) << "trash:\n  days: 5\n";
  With(
      [](Parts parts) -> Task<void> {
        EXPECT_EQ(parts.config.current().trash.days, 5);
        SystemConfigService service(parts.config, parts.events, false);
        EXPECT_EQ(co_await Refusal(service, parts.config.current()),
                  "Cannot update configuration while IMMICH_CONFIG_FILE is in use");
      },
      options);
}

TEST_F(SystemConfigTest, AFixedLogLevelCannotBeChanged) {
  With([](Parts parts) -> Task<void> {
    SystemConfigService service(parts.config, parts.events, true);
    api::AdminConfigDto wanted = parts.config.current();
    EXPECT_EQ(co_await Refusal(service, wanted), "");
    wanted.logging.level = api::LogLevel::kDebug;
    EXPECT_EQ(co_await Refusal(service, wanted), "Logging cannot be changed while IMMICH_LOG_LEVEL is set");
  });
}

}  // namespace
}  // namespace immich::system_config
