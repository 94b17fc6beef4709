#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/testing/migrated_database.hpp"
#include "platform/config/environment.hpp"
#include "platform/http/socket_io.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/queue/job_queue.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/testing/redis_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/client_events.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/system_config.hpp"
#include "server/core/worker_context.hpp"

namespace immich::testing {

/// Keeps what is queued instead of queueing it: nobody works here.
class CollectingSink : public JobSink {
 public:
  using JobSink::Enqueue;
  Task<void> Enqueue(std::vector<Request> requests) override {
    for (Request& request : requests) queued.push_back(std::move(request));
    co_return;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    names.reserve(queued.size());
    for (const Request& request : queued) names.emplace_back(request.name);
    return names;
  }
  std::vector<Request> queued;
};

/// What job handlers stand on in the microservices role, on a database, a Redis and a media folder of its own. The user
/// `owner` is there.
struct WorkerRig {
  WorkerRig(pg::Pool& pool, const RedisTestServer& server, const MediaWorkerOptions& options)
      : db(pool),
        redis(pool.executor(), RedisOptionsFor(server)),
        queues(redis),
        emitter(redis),
        events(emitter),
        config(pool, {}),
        paths(folder.path()),
        media(pool.executor(), options),
        context{pool.executor(), environment, handlers, db, redis, queues, jobs, events, config, paths, media} {}

  static redis::Options RedisOptionsFor(const RedisTestServer& server) {
    redis::Options options;
    options.socket_path = server.socket_path();
    return options;
  }

  /// A file below the media folder.
  std::string Write(std::string_view name, std::span<const std::uint8_t> bytes) const {
    const std::string path = folder / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }
  std::string Write(std::string_view name, std::string_view text) const {
    return Write(name, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }

  /// An asset of `owner` whose original is `path`; dates are 2020-01-01.
  Task<AssetId> AddAsset(std::string path, std::string type = "IMAGE", std::string file_name = "IMG_1.jpg") {
    const AssetId id = AssetId::Random();
    co_await db.RunScript(fmt::format(
        R"(INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime",
                              checksum, "checksumAlgorithm", "originalFileName")
           VALUES ('{0}', '{1}', '{2}', '{3}', '2020-01-01Z', '2020-01-01Z', '2020-01-01Z', '\x{4}', 'sha1', '{5}');
           INSERT INTO asset_job_status ("assetId") VALUES ('{0}');
           INSERT INTO asset_exif ("assetId", "fileSizeInByte") VALUES ('{0}', 1))",
        id.ToString(), owner.ToString(), type, path, HexOf(id), file_name));
    co_return id;
  }

  /// An asset as the jobs after thumbnails find it.
  Task<AssetId> AddAssetWithPreview(std::string path = "/data/a.jpg") {
    const AssetId id = co_await AddAsset(std::move(path));
    co_await db.RunScript(
        fmt::format(R"(INSERT INTO asset_file ("assetId", type, path) VALUES ('{0}', 'preview', '/data/{0}.jpeg'))",
                    id.ToString()));
    co_return id;
  }

  std::size_t FilesBelow(std::string_view name) const {
    std::size_t count = 0;
    if (!std::filesystem::exists(folder / name)) return 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / name))
      count += entry.is_regular_file();
    return count;
  }

  const UserId owner{*Uuid::Parse("11111111-1111-4111-8111-111111111111")};
  TemporaryDirectory folder;
  config::Environment environment;
  pg::Pool& db;
  redis::Client redis;
  queue::JobQueue queues;
  CollectingSink jobs;
  http::SocketIoEmitter emitter;
  ClientEvents events;
  SystemConfig config;
  StoragePaths paths;
  MediaWorkers media;
  JobBinder handlers;
  WorkerContext context;

 private:
  static std::string HexOf(AssetId id) {
    std::string text = id.ToString();
    std::erase(text, '-');
    return text;
  }
};

/// Runs `body` on a fresh rig.
inline void WithWorkerRig(const std::function<Task<void>(WorkerRig&)>& body, const MediaWorkerOptions& options = {}) {
  const MigratedDatabase database;
  const RedisTestServer server;
  WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    WorkerRig rig(pool, server, options);
    co_await rig.config.Load();
    co_await pool.RunScript(fmt::format(R"(INSERT INTO "user" (id, email, name, password, "storageLabel")
                                           VALUES ('{}', 'a@b.c', 'A', '', 'admin'))",
                                        rig.owner.ToString()));
    co_await body(rig);
    co_await rig.media.Stop();
    rig.redis.Close();
  });
}

}  // namespace immich::testing
