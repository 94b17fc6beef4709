#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/log/log.hpp"

namespace immich::config {

/// Everything the server takes from environment variables; names and defaults are those of Immich (docs/operations.md).
struct Environment {
  /// `development`, `testing` or `production`.
  std::string mode = "production";
  /// Empty: all interfaces.
  std::string host;
  std::uint16_t port = 2283;
  /// Unset: the system configuration decides.
  std::optional<log::Level> log_level;
  log::Format log_format = log::Format::kConsole;
  bool log_color = true;
  std::string config_file;
  /// Absolute, without trailing slash.
  std::string media_location;
  bool ignore_mount_check_errors = false;
  std::string build_data = "/build";
  /// IMMICH_HELMET_FILE: `true`, a path, or empty for off.
  std::string helmet_file;
  /// Roles of this installation: `api`, `microservices`, in this order.
  std::vector<std::string> workers{"api", "microservices"};
  bool allow_setup = true;
  std::vector<std::string> trusted_proxies{"linklocal", "uniquelocal"};
  /// Groups of metrics: host, api, io, repo, job.
  std::vector<std::string> telemetry;
  std::uint16_t api_metrics_port = 8081;
  std::uint16_t microservices_metrics_port = 8082;
  bool process_invalid_images = false;
  /// IMMICH_MEDIA_MEMORY_LIMIT: what a decoder child may use, in MiB.
  int media_memory_limit_mib = 1024;
  bool allow_external_plugins = false;
  /// Absolute, or empty.
  std::string plugins_install_folder;

  /// What /server/about shows of the build.
  struct Build {
    std::string build, build_url, build_image, build_image_url, repository, repository_url, source_ref, source_commit,
        source_url, third_party_source_url, third_party_bug_feature_url, third_party_documentation_url,
        third_party_support_url;
  } build;

  /// DB_URL, or one made of the parts; empty when the server brings its own PostgreSQL.
  std::string db_url;
  bool db_skip_migrations = false;
  /// `pgvector`, `vectorchord`, or empty: vectorchord when the database has it, else pgvector.
  std::string db_vector_extension;
  /// Folder of postgres and initdb for the server's own PostgreSQL; empty: searched.
  std::string pg_bin_directory;

  std::string redis_hostname;
  std::uint16_t redis_port = 6379;
  int redis_db_index = 0;
  std::string redis_username, redis_password, redis_socket;

  bool machine_learning_enabled = true;
  std::string machine_learning_url = "http://immich-machine-learning:3003";
  /// IMMICH_OBJECT_DETECTION_MODEL: model that finds things in pictures; empty: none does.
  std::string object_detection_model;

  bool uses_embedded_postgres() const { return db_url.empty(); }
  bool uses_embedded_redis() const { return redis_hostname.empty() && redis_socket.empty(); }
};

/// Looks a variable up; nullopt when it is not set.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// From the process's environment. Throws InternalError whose detail starts with `Invalid environment variables:` and
/// has one line `  - [NAME] message` an issue.
Environment ReadEnvironment();
/// The same from any source.
Environment ReadEnvironment(const Lookup& lookup);

/// `true/false, 1/0, yes/no, on/off, y/n, enabled/disabled` in any case; nullopt for anything else.
std::optional<bool> ParseBool(std::string_view text);

}  // namespace immich::config
