#include "platform/config/environment.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "platform/config/redis_url.hpp"
#include "platform/error/error.hpp"

namespace immich::config {

namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string LowerCase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (const std::string_view item = Trim(text.substr(0, comma)); !item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return items;
}

std::optional<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return std::string(Trim(text));
}

bool IsDirectory(const char* path) {
  struct stat status{};
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/// Percent-encodes a part of a connection URI.
std::string EncodeUriPart(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// Reads variables one by one and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(const Lookup& lookup) : lookup_(lookup) {}

  std::optional<std::string> Find(std::string_view name) const {
    auto value = lookup_(name);
    return value && !value->empty() ? std::move(value) : std::nullopt;
  }
  void Text(std::string_view name, std::string& out) const {
    if (auto value = Find(name)) out = std::move(*value);
  }
  void Flag(std::string_view name, bool& out) {
    const auto value = Find(name);
    if (!value) return;
    const auto parsed = ParseBool(*value);
    parsed ? void(out = *parsed) : Complain(name, "Invalid input: expected boolean");
  }
  void Port(std::string_view name, std::uint16_t& out) { Number(name, out, 0, 65535); }
  template <class T>
  void Number(std::string_view name, T& out, long min, long max) {
    const auto value = Find(name);
    if (!value) return;
    long parsed = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), parsed);
    if (error != std::errc{} || end != value->data() + value->size() || parsed < min || parsed > max) {
      Complain(name, fmt::format("Invalid input: expected a number from {} to {}", min, max));
    } else {
      out = static_cast<T>(parsed);
    }
  }
  /// `<NAME>`, or the contents of the file named in `<NAME>_FILE`, or of `$CREDENTIALS_DIRECTORY/<NAME>`.
  std::optional<std::string> Secret(const std::string& name) {
    if (const auto path = Find(name + "_FILE")) {
      auto text = ReadWholeFile(*path);
      if (!text) Complain(name + "_FILE", fmt::format("Cannot read {}", *path));
      return text;
    }
    if (const auto directory = Find("CREDENTIALS_DIRECTORY")) {
      if (auto text = ReadWholeFile(*directory + "/" + name)) return text;
    }
    return Find(name);
  }
  void Complain(std::string_view name, std::string_view message) {
    issues_ += fmt::format("\n  - [{}] {}", name, message);
  }
  void ThrowIfWrong() const {
    if (!issues_.empty()) throw InternalError("Invalid environment variables:" + issues_);
  }

 private:
  const Lookup& lookup_;
  std::string issues_;
};

void ReadLog(Reader& in, Environment& out) {
  constexpr std::array<std::string_view, 6> kLevels = {"verbose", "debug", "log", "warn", "error", "fatal"};
  if (const auto value = in.Find("IMMICH_LOG_LEVEL")) {
    const auto found = std::find(kLevels.begin(), kLevels.end(), *value);
    if (found == kLevels.end()) {
      in.Complain("IMMICH_LOG_LEVEL", "Invalid option: expected one of verbose, debug, log, warn, error, fatal");
    } else {
      out.log_level = static_cast<log::Level>(found - kLevels.begin());
    }
  }
  if (const auto value = in.Find("IMMICH_LOG_FORMAT")) {
    if (*value != "console" && *value != "json") {
      in.Complain("IMMICH_LOG_FORMAT", "Invalid option: expected one of console, json");
    }
    out.log_format = *value == "json" ? log::Format::kJson : log::Format::kConsole;
  }
  out.log_color = !in.Find("NO_COLOR") && isatty(STDOUT_FILENO) == 1;
}

/// Compat: include minus exclude, both lists of api and microservices.
void ReadWorkers(Reader& in, Environment& out) {
  const auto read = [&in](std::string_view name, std::vector<std::string> fallback) {
    const auto value = in.Find(name);
    if (!value) return fallback;
    std::vector<std::string> list = SplitList(*value);
    for (const std::string& item : list) {
      if (item != "api" && item != "microservices" && item != "maintenance") {
        in.Complain(name, fmt::format("Invalid worker `{}`: expected api or microservices", item));
      }
    }
    return list;
  };
  const auto include = read("IMMICH_WORKERS_INCLUDE", {"api", "microservices"});
  const auto exclude = read("IMMICH_WORKERS_EXCLUDE", {});
  out.workers.clear();
  for (const std::string_view role : {"api", "microservices"}) {
    const bool wanted = std::find(include.begin(), include.end(), role) != include.end();
    if (wanted && std::find(exclude.begin(), exclude.end(), role) == exclude.end()) out.workers.emplace_back(role);
  }
  if (out.workers.empty()) in.Complain("IMMICH_WORKERS_INCLUDE", "At least one of api and microservices is needed");
}

void ReadTelemetry(Reader& in, Environment& out) {
  const std::vector<std::string> all{"host", "api", "io", "repo", "job"};
  const std::string include = in.Find("IMMICH_TELEMETRY_INCLUDE").value_or("");
  out.telemetry = Trim(include) == "all" ? all : SplitList(include);
  const auto exclude = SplitList(in.Find("IMMICH_TELEMETRY_EXCLUDE").value_or(""));
  for (const std::string& group : out.telemetry) {
    if (std::find(all.begin(), all.end(), group) == all.end()) {
      in.Complain("IMMICH_TELEMETRY_INCLUDE",
                  fmt::format("Invalid group `{}`: expected host, api, io, repo or job", group));
    }
  }
  for (const std::string& group : exclude) {
    if (std::find(all.begin(), all.end(), group) == all.end()) {
      in.Complain("IMMICH_TELEMETRY_EXCLUDE",
                  fmt::format("Invalid group `{}`: expected host, api, io, repo or job", group));
    }
  }
  std::erase_if(out.telemetry, [&exclude](const std::string& group) {
    return std::find(exclude.begin(), exclude.end(), group) != exclude.end();
  });
}

void ReadMediaLocation(Reader& in, Environment& out) {
  if (auto location = in.Find("IMMICH_MEDIA_LOCATION")) {
    if (!location->starts_with('/')) in.Complain("IMMICH_MEDIA_LOCATION", "Must be an absolute path");
    while (location->size() > 1 && location->back() == '/') location->pop_back();
    out.media_location = std::move(*location);
    return;
  }
  // Compat: the one of the two that exists; the older one when both do or neither does.
  const bool has_data = IsDirectory("/data");
  const bool has_old = IsDirectory("/usr/src/app/upload");
  out.media_location = has_data && !has_old ? "/data" : "/usr/src/app/upload";
}

std::string SslQuery(Reader& in) {
  const auto mode = in.Find("DB_SSL_MODE");
  if (!mode) return {};
  constexpr std::array<std::string_view, 5> kModes = {"disable", "allow", "prefer", "require", "verify-full"};
  if (std::find(kModes.begin(), kModes.end(), *mode) == kModes.end()) {
    in.Complain("DB_SSL_MODE", "Invalid option: expected one of disable, allow, prefer, require, verify-full");
  }
  return "?sslmode=" + *mode;
}

void ReadDatabase(Reader& in, Environment& out) {
  in.Flag("DB_SKIP_MIGRATIONS", out.db_skip_migrations);
  in.Text("DB_VECTOR_EXTENSION", out.db_vector_extension);
  if (!out.db_vector_extension.empty() && out.db_vector_extension != "pgvector" &&
      out.db_vector_extension != "vectorchord") {
    in.Complain("DB_VECTOR_EXTENSION", "Invalid option: expected one of pgvector, vectorchord");
  }
  in.Text("IMMICH_PG_BINDIR", out.pg_bin_directory);
  if (const auto url = in.Secret("DB_URL")) {
    out.db_url = *url;
    return;
  }
  const auto hostname = in.Secret("DB_HOSTNAME");
  const auto user = in.Secret("DB_USERNAME");
  const auto password = in.Secret("DB_PASSWORD");
  const auto database = in.Secret("DB_DATABASE_NAME");
  // Whoever names an account has a server: the official compose file leaves only the host to its default, and an empty
  // private database would look like a lost library.
  if (!hostname && !user && !password && !database) return;
  std::uint16_t port = 5432;
  in.Port("DB_PORT", port);
  out.db_url = fmt::format("postgresql://{}:{}@{}:{}/{}{}", EncodeUriPart(user.value_or("postgres")),
                           EncodeUriPart(password.value_or("postgres")), EncodeUriPart(hostname.value_or("database")),
                           port, EncodeUriPart(database.value_or("immich")), SslQuery(in));
}

void ReadRedis(Reader& in, Environment& out) {
  if (const auto url = in.Find("REDIS_URL")) {
    const auto options = ParseRedisUrl(*url);
    if (!options) {
      in.Complain("REDIS_URL", "Invalid Redis URL: expected ioredis://<base64 of JSON options>");
      return;
    }
    out.redis_hostname = options->hostname;
    out.redis_port = options->port;
    out.redis_db_index = options->db_index;
    out.redis_username = options->username;
    out.redis_password = options->password;
    out.redis_socket = options->socket_path;
    return;
  }
  in.Text("REDIS_HOSTNAME", out.redis_hostname);
  in.Port("REDIS_PORT", out.redis_port);
  in.Number("REDIS_DBINDEX", out.redis_db_index, 0, 1'000'000);
  in.Text("REDIS_USERNAME", out.redis_username);
  out.redis_password = in.Secret("REDIS_PASSWORD").value_or("");
  in.Text("REDIS_SOCKET", out.redis_socket);
}

void ReadBuild(Reader& in, Environment::Build& out) {
  in.Text("IMMICH_BUILD", out.build);
  in.Text("IMMICH_BUILD_URL", out.build_url);
  in.Text("IMMICH_BUILD_IMAGE", out.build_image);
  in.Text("IMMICH_BUILD_IMAGE_URL", out.build_image_url);
  in.Text("IMMICH_REPOSITORY", out.repository);
  in.Text("IMMICH_REPOSITORY_URL", out.repository_url);
  in.Text("IMMICH_SOURCE_REF", out.source_ref);
  in.Text("IMMICH_SOURCE_COMMIT", out.source_commit);
  in.Text("IMMICH_SOURCE_URL", out.source_url);
  in.Text("IMMICH_THIRD_PARTY_SOURCE_URL", out.third_party_source_url);
  in.Text("IMMICH_THIRD_PARTY_BUG_FEATURE_URL", out.third_party_bug_feature_url);
  in.Text("IMMICH_THIRD_PARTY_DOCUMENTATION_URL", out.third_party_documentation_url);
  in.Text("IMMICH_THIRD_PARTY_SUPPORT_URL", out.third_party_support_url);
}

/// An address, an address with a prefix length, or a name of a range.
bool IsAddressRange(const std::string& text) {
  if (text == "loopback" || text == "linklocal" || text == "uniquelocal") return true;
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  unsigned char bytes[sizeof(in6_addr)];
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), bytes) == 1;
  if (!is_v4 && inet_pton(AF_INET6, address.c_str(), bytes) != 1) return false;
  if (slash == std::string::npos) return true;
  int length = -1;
  const char* const text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + slash + 1, text_end, length);
  return error == std::errc{} && end == text_end && length >= 0 && length <= (is_v4 ? 32 : 128);
}

void ReadTrustedProxies(Reader& in, Environment& out) {
  const auto proxies = in.Find("IMMICH_TRUSTED_PROXIES");
  if (!proxies) return;
  out.trusted_proxies = SplitList(*proxies);
  for (const std::string& range : out.trusted_proxies) {
    if (!IsAddressRange(range)) {
      in.Complain("IMMICH_TRUSTED_PROXIES", fmt::format("`{}` is neither an address nor an address range", range));
    }
  }
}

void ReadPlugins(Reader& in, Environment& out) {
  in.Flag("IMMICH_ALLOW_EXTERNAL_PLUGINS", out.allow_external_plugins);
  in.Text("IMMICH_PLUGINS_INSTALL_FOLDER", out.plugins_install_folder);
  if (!out.plugins_install_folder.empty() && !out.plugins_install_folder.starts_with('/')) {
    in.Complain("IMMICH_PLUGINS_INSTALL_FOLDER", "Must be an absolute path");
  }
}

void ReadServer(Reader& in, Environment& out) {
  in.Text("IMMICH_ENV", out.mode);
  if (out.mode != "production" && out.mode != "development" && out.mode != "testing") {
    in.Complain("IMMICH_ENV", "Invalid option: expected one of development, testing, production");
  }
  in.Text("IMMICH_HOST", out.host);
  in.Port("IMMICH_PORT", out.port);
  in.Text("IMMICH_CONFIG_FILE", out.config_file);
  in.Flag("IMMICH_IGNORE_MOUNT_CHECK_ERRORS", out.ignore_mount_check_errors);
  in.Text("IMMICH_BUILD_DATA", out.build_data);
  in.Text("IMMICH_HELMET_FILE", out.helmet_file);
  if (out.helmet_file == "false") out.helmet_file.clear();
  in.Flag("IMMICH_ALLOW_SETUP", out.allow_setup);
  ReadTrustedProxies(in, out);
  ReadPlugins(in, out);
  in.Port("IMMICH_API_METRICS_PORT", out.api_metrics_port);
  in.Port("IMMICH_MICROSERVICES_METRICS_PORT", out.microservices_metrics_port);
  in.Flag("IMMICH_PROCESS_INVALID_IMAGES", out.process_invalid_images);
  in.Number("IMMICH_MEDIA_MEMORY_LIMIT", out.media_memory_limit_mib, 128, 1'000'000);
  // Compat: only the exact text `false` turns it off.
  out.machine_learning_enabled = in.Find("IMMICH_MACHINE_LEARNING_ENABLED") != "false";
  in.Text("IMMICH_MACHINE_LEARNING_URL", out.machine_learning_url);
  in.Text("IMMICH_OBJECT_DETECTION_MODEL", out.object_detection_model);
}

}  // namespace

std::optional<bool> ParseBool(std::string_view text) {
  const std::string value = LowerCase(Trim(text));
  for (const std::string_view yes : {"true", "1", "yes", "on", "y", "enabled"}) {
    if (value == yes) return true;
  }
  for (const std::string_view no : {"false", "0", "no", "off", "n", "disabled"}) {
    if (value == no) return false;
  }
  return std::nullopt;
}

Environment ReadEnvironment(const Lookup& lookup) {
  Reader in(lookup);
  Environment out;
  ReadServer(in, out);
  ReadLog(in, out);
  ReadWorkers(in, out);
  ReadTelemetry(in, out);
  ReadMediaLocation(in, out);
  ReadDatabase(in, out);
  ReadRedis(in, out);
  ReadBuild(in, out.build);
  in.ThrowIfWrong();
  return out;
}

Environment ReadEnvironment() {
  return ReadEnvironment([](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

}  // namespace immich::config
