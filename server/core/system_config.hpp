#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/config_admin_types.hpp"
#include "platform/async/task.hpp"

namespace immich::pg {
class Pool;
}

namespace immich {

/// What an installation's environment changes in the defaults (facts: env, IMMICH_MACHINE_LEARNING_*).
struct SystemConfigOptions {
  /// Path of IMMICH_CONFIG_FILE, or empty: the stored configuration counts.
  std::string file;
  bool machine_learning_enabled = true;
  std::string machine_learning_url;
};

/// The system configuration in force: defaults, overlaid by the differences stored in system_metadata `system-config`,
/// or by the file named in IMMICH_CONFIG_FILE (then read-only). Every process keeps a copy and follows changes through
/// NOTIFY; a change is in force at once in the process that made it.
class SystemConfig {
 public:
  SystemConfig(pg::Pool& db, SystemConfigOptions options);
  ~SystemConfig();

  /// Reads and validates. Throws ValidationError naming the member when file or stored value break the contract.
  Task<void> Load();
  /// Loads again whenever another process says so; call once, after the first Load.
  void Follow();
  const api::AdminConfigDto& current() const;
  const api::AdminConfigDto& defaults() const;
  bool is_from_file() const;
  /// Stores the differences to the defaults and tells the other processes. Throws BadRequest when a file is in use.
  Task<void> Save(const api::AdminConfigDto& wanted);
  /// Called after the configuration in force changed, in the order of registration.
  void OnChange(std::function<void(const api::AdminConfigDto& before, const api::AdminConfigDto& now)> listener);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace immich
