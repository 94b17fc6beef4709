#include "server/core/system_config.hpp"

#include <boost/json/value.hpp>
#include <vector>

#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "core_sql.hpp"
#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/config_file.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_merge.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/system_config_defaults.hpp"

namespace immich {

namespace {

constexpr std::string_view kMetadataKey = "system-config";
constexpr std::string_view kChangeChannel = "immich_system_config";

std::string DefaultsText(const SystemConfigOptions& options) {
  json::Document document = json::Document::Parse(kSystemConfigDefaults);
  auto& machine_learning = document.root().as_object()["machineLearning"].as_object();
  machine_learning["enabled"] = options.machine_learning_enabled;
  if (!options.machine_learning_url.empty()) {
    machine_learning["urls"].as_array()[0] = options.machine_learning_url;
  }
  std::string text;
  json::AppendValue(text, document.root());
  return text;
}

}  // namespace

struct SystemConfig::Impl {
  Impl(pg::Pool& pool, SystemConfigOptions wanted)
      : db(pool),
        options(std::move(wanted)),
        defaults_text(DefaultsText(options)),
        defaults(api::FromJson<api::AdminConfigDto>(defaults_text)),
        current(defaults) {}

  Task<std::string> ReadDifferences() {
    if (!options.file.empty()) {
      const std::string path = options.file;
      std::string text = co_await RunBlocking([path] {
        std::string json;
        json::AppendValue(json, config::ReadConfigFile(path));
        return json;
      });
      co_return text;
    }
    pg::Params params{kMetadataKey};
    const pg::Result stored = co_await db.Run(sql::kSystemMetadataFind, std::move(params));
    co_return stored.empty() ? std::string("{}") : stored[0].Get<std::string>(0);
  }

  void Adopt(api::AdminConfigDto wanted) {
    const api::AdminConfigDto before = std::exchange(current, std::move(wanted));
    for (const auto& listener : listeners) listener(before, current);
  }

  Task<void> Load() {
    const std::string differences = co_await ReadDifferences();
    Adopt(api::FromJson<api::AdminConfigDto>(json::MergeText(defaults_text, differences)));
  }

  pg::Pool& db;
  const SystemConfigOptions options;
  const std::string defaults_text;
  const api::AdminConfigDto defaults;
  api::AdminConfigDto current;
  std::vector<std::function<void(const api::AdminConfigDto&, const api::AdminConfigDto&)>> listeners;
};

SystemConfig::SystemConfig(pg::Pool& db, SystemConfigOptions options)
    : impl_(std::make_shared<Impl>(db, std::move(options))) {}
SystemConfig::~SystemConfig() = default;

Task<void> SystemConfig::Load() {
  co_await impl_->Load();
}

void SystemConfig::Follow() {
  const std::weak_ptr<Impl> weak = impl_;
  impl_->db.Listen(std::string(kChangeChannel), [weak](std::string_view) {
    const std::shared_ptr<Impl> impl = weak.lock();
    if (!impl) return;
    // The coroutine keeps what it works on alive through its parameter, not through a capture.
    auto reload = [](std::shared_ptr<Impl> self) -> Task<void> { co_await self->Load(); };
    Spawn(impl->db.executor(), "system config reload", reload(impl));
  });
}

const api::AdminConfigDto& SystemConfig::current() const {
  return impl_->current;
}
const api::AdminConfigDto& SystemConfig::defaults() const {
  return impl_->defaults;
}
bool SystemConfig::is_from_file() const {
  return !impl_->options.file.empty();
}

Task<void> SystemConfig::Save(const api::AdminConfigDto& wanted) {
  if (is_from_file()) throw BadRequest("Cannot update configuration while IMMICH_CONFIG_FILE is in use");
  const std::string differences = json::DifferenceText(impl_->defaults_text, api::ToJson(wanted));
  co_await impl_->db.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params store{kMetadataKey, pg::Json{differences}};
    co_await tx.Run(sql::kSystemMetadataUpsert, std::move(store));
    co_await tx.Run(sql::kSystemConfigNotify);
  });
  impl_->Adopt(wanted);
}

void SystemConfig::OnChange(std::function<void(const api::AdminConfigDto&, const api::AdminConfigDto&)> listener) {
  impl_->listeners.push_back(std::move(listener));
}

}  // namespace immich
