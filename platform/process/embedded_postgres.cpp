#include "platform/process/embedded_postgres.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <vector>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/log/log.hpp"
#include "platform/process/captured_run.hpp"
#include "platform/process/service_directory.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kContext = "Postgres";
constexpr const char* kSuperuser = "postgres";
/// Recovery after a crash replays at most max_wal_size of log.
constexpr auto kStartTimeout = 10min;
constexpr auto kStopGrace = 60s;
/// What the schema creates (see db/migrations).
constexpr std::string_view kNeededExtensions[] = {"cube",     "earthdistance", "pg_trgm",
                                                  "unaccent", "uuid-ossp",     "vector"};

std::string UrlOf(const std::string& socket_directory, std::string_view database) {
  return "postgresql:///" + crypto::PercentEncode(database) + "?host=" + crypto::PercentEncode(socket_directory) +
         "&user=" + kSuperuser;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string ReadIfThere(const std::string& path) {
  try {
    return fs::ReadWholeFile(path);
  } catch (const fs::FileError&) {
    return "";
  }
}

/// The process that postmaster.pid names when it is a PostgreSQL server of this very folder; 0 otherwise. Process ids
/// repeat (in containers at every start), so the file alone proves nothing.
pid_t LivePostmaster(const std::string& data_directory) {
  const std::vector<std::string> lines = Lines(ReadIfThere(data_directory + "/postmaster.pid"));
  pid_t pid = 0;
  if (lines.empty()) return 0;
  std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), pid);
  if (pid <= 0) return 0;
  const std::string proc = "/proc/" + std::to_string(pid);
  std::error_code error;
  if (!ReadIfThere(proc + "/comm").starts_with("postgres")) return 0;
  // The postmaster works in its data folder. Without the right to look, take it for ours.
  const auto where = std::filesystem::read_symlink(proc + "/cwd", error);
  return error || std::filesystem::equivalent(where, data_directory, error) ? pid : 0;
}

/// Waits for the server a crashed predecessor left behind (it is shutting down), then removes its lock file.
Task<void> ClearStaleLock(std::string data_directory) {
  const auto deadline = std::chrono::steady_clock::now() + kStopGrace;
  for (pid_t pid; (pid = LivePostmaster(data_directory)) != 0;) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw InternalError("another PostgreSQL (process " + std::to_string(pid) + ") uses " + data_directory);
    }
    co_await SleepFor(50ms);
  }
  if (fs::RemoveFile(data_directory + "/postmaster.pid")) {
    log::Warn(kContext, "The database was not shut down; it recovers by itself");
  }
}

/// Waits until the server writes that it accepts connections.
Task<void> UntilReady(const std::string& data_directory, ChildProcess& server) {
  constexpr std::size_t kStatusLine = 7;
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  for (;;) {
    const std::vector<std::string> lines = Lines(ReadIfThere(data_directory + "/postmaster.pid"));
    if (lines.size() > kStatusLine && lines[0] == std::to_string(server.pid()) &&
        lines[kStatusLine].starts_with("ready")) {
      co_return;
    }
    if (const auto status = server.Poll()) {
      throw InternalError("PostgreSQL ended while starting (" + status->ToString() + "); its log says why");
    }
    if (std::chrono::steady_clock::now() > deadline) throw InternalError("PostgreSQL does not get ready");
    co_await SleepFor(10ms);
  }
}

/// Containers give shared memory 64 MB, less than one parallel index build; files in the data folder do as well.
bool SharedMemoryIsSmall() {
  constexpr std::uint64_t kNeededBytes = 512ull * 1024 * 1024;
  struct statvfs info;
  return statvfs("/dev/shm", &info) != 0 || std::uint64_t{info.f_frsize} * info.f_blocks < kNeededBytes;
}

/// Level of a line of the server's log, which begins with its severity.
log::Level LevelOfServerLine(std::string_view line) {
  if (line.starts_with("FATAL:") || line.starts_with("PANIC:")) return log::Level::kError;
  // Errors of statements reach whoever sent them.
  constexpr std::string_view kChatter[] = {"LOG:", "ERROR:", "DETAIL:", "HINT:", "CONTEXT:", "STATEMENT:", "\t"};
  const bool chatter = std::any_of(std::begin(kChatter), std::end(kChatter),
                                   [line](std::string_view start) { return line.starts_with(start); });
  return chatter ? log::Level::kDebug : log::Level::kWarn;
}

std::vector<std::string> Settings(const EmbeddedPostgresOptions& options, const std::string& socket_directory) {
  std::vector<std::string> settings = {
      "listen_addresses=",
      "unix_socket_directories=" + socket_directory,
      "unix_socket_permissions=0700",
      "max_connections=" + std::to_string(options.max_connections),
      "shared_buffers=" + std::to_string(options.shared_buffers_mb) + "MB",
      "effective_cache_size=1GB",
      "work_mem=8MB",
      "maintenance_work_mem=128MB",
      // Neither replicas nor archives: index builds and COPY into new tables write no log.
      "wal_level=minimal",
      "max_wal_senders=0",
      "wal_compression=on",
      "max_wal_size=1GB",
      "checkpoint_timeout=15min",
      // Solid state disks are the rule; compiling queries never pays at this size.
      "random_page_cost=1.1",
      "jit=off",
      "timezone=UTC",
      "log_timezone=UTC",
      "log_line_prefix=",
      "log_min_messages=warning",
      "log_checkpoints=off",
      // Statements can hold what users wrote; the server logs those that fail by name.
      "log_min_error_statement=panic",
      "max_logical_replication_workers=0",
      "cluster_name=immich",
  };
  if (SharedMemoryIsSmall()) settings.emplace_back("dynamic_shared_memory_type=mmap");
  if (!options.durable) {
    for (const char* setting :
         {"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "wal_compression=off",
          "max_wal_size=128MB", "shared_buffers=64MB", "bgwriter_lru_maxpages=0"}) {
      settings.emplace_back(setting);
    }
  }
  return settings;
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

}  // namespace

std::string EmbeddedPostgresUrl(const std::string& data_directory, std::string_view database) {
  return UrlOf(SocketDirectory(data_directory + ".socket"), database);
}

EmbeddedPostgres::EmbeddedPostgres(Supervisor& supervisor, EmbeddedPostgresOptions options)
    : supervisor_(supervisor),
      options_(std::move(options)),
      account_(ServiceAccount(options_.data_directory)),
      socket_directory_(SocketDirectory(options_.data_directory + ".socket")) {}

ChildOptions EmbeddedPostgres::ServerProgram() const {
  ChildOptions program{.program = options_.bin_directory + "/postgres"};
  program.arguments = {"-D", options_.data_directory};
  for (const std::string& setting : Settings(options_, socket_directory_)) {
    program.arguments.emplace_back("-c");
    program.arguments.push_back(setting);
  }
  program.environment = {{"LC_ALL", "C.UTF-8"}, {"PGDATA", ""}, {"PGPORT", ""}, {"PGDATABASE", ""}};
  program.working_directory = options_.data_directory;
  program.death_signal = SIGINT;
  program.run_as = account_;
  return program;
}

Task<void> EmbeddedPostgres::Initialize() {
  const std::string unfinished = options_.data_directory + ".new";
  log::Info(kContext, "Creating a database cluster in {}", options_.data_directory);
  const auto prepare = [unfinished, account = account_] {
    std::filesystem::remove_all(unfinished);
    EnsurePrivateDirectory(unfinished, account);
  };
  co_await RunBlocking(prepare);
  ChildOptions program{.program = options_.bin_directory + "/initdb"};
  program.arguments = {"-D", unfinished, "-U", kSuperuser, "-A", "trust", "-E", "UTF8", "--data-checksums",
                       "--locale-provider=icu", "--icu-locale=en-US",
                       // Trigram and full-text functions ask the C library what a letter is.
                       "--locale=C.UTF-8", "--lc-messages=C"};
  if (!options_.durable) program.arguments.emplace_back("--no-sync");
  program.working_directory = unfinished;
  program.run_as = account_;
  CaptureOptions capture;
  capture.timeout = 5min;
  const CapturedRun run = co_await RunAndCapture(program, capture);
  if (!run.ok()) throw InternalError("initdb failed (" + run.status.ToString() + "): " + run.error + run.output);
  const auto finish = [unfinished, data = options_.data_directory] {
    std::error_code ignored;
    std::filesystem::remove(data, ignored);
    std::filesystem::rename(unfinished, data);
    fs::SyncDirectory(fs::ParentOf(data));
  };
  co_await RunBlocking(finish);
}

Task<void> EmbeddedPostgres::Start() {
  if (!std::filesystem::exists(options_.data_directory + "/PG_VERSION")) co_await Initialize();
  const auto prepare = [directory = socket_directory_, account = account_] {
    EnsurePrivateDirectory(directory, account);
  };
  co_await RunBlocking(prepare);
  SupervisedChild child;
  child.name = kContext;
  child.program = [this] { return ServerProgram(); };
  child.before_start = [data = options_.data_directory] { return ClearStaleLock(data); };
  child.until_ready = [data = options_.data_directory](ChildProcess& server) { return UntilReady(data, server); };
  child.stop_signal = SIGINT;
  child.stop_grace = kStopGrace;
  child.level_of_line = LevelOfServerLine;
  co_await supervisor_.Add(std::move(child));
  co_await CreateDatabase();
  co_await CheckExtensions();
}

Task<void> EmbeddedPostgres::Stop() {
  co_await supervisor_.Remove(std::string(kContext));
}

std::string EmbeddedPostgres::Url(std::string_view database) const {
  return UrlOf(socket_directory_, database.empty() ? options_.database : database);
}

Task<std::string> EmbeddedPostgres::Run(std::string database, std::string statement) {
  ChildOptions program{.program = options_.bin_directory + "/psql"};
  program.arguments = {"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", Url(database), "-c", statement};
  const CapturedRun run = co_await RunAndCapture(program);
  if (!run.ok()) throw InternalError("psql failed (" + run.status.ToString() + "): " + run.error);
  std::string output = run.output;
  while (output.ends_with('\n')) output.pop_back();
  co_return output;
}

Task<void> EmbeddedPostgres::CreateDatabase() {
  const std::string name = Quoted(options_.database, '\'');
  const std::string found = co_await Run("postgres", "SELECT 1 FROM pg_database WHERE datname = " + name);
  if (found.empty()) co_await Run("postgres", "CREATE DATABASE " + Quoted(options_.database, '"'));
}

Task<void> EmbeddedPostgres::CheckExtensions() {
  const std::string installed = co_await Run("postgres", "SELECT name FROM pg_available_extensions");
  const std::vector<std::string> names = Lines(installed);
  std::string missing;
  for (const std::string_view needed : kNeededExtensions) {
    if (std::find(names.begin(), names.end(), needed) == names.end()) missing.append(" ").append(needed);
  }
  if (!missing.empty()) {
    throw InternalError("PostgreSQL in " + options_.bin_directory + " lacks the extensions" + missing);
  }
}

std::string FindPostgresPrograms(const std::string& configured) {
  namespace stdfs = std::filesystem;
  std::error_code error;
  const auto usable = [](const stdfs::path& folder) {
    return access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0;
  };
  if (!configured.empty()) {
    if (usable(configured)) return configured;
    throw InternalError("there is no PostgreSQL in " + configured + " (IMMICH_PG_BINDIR)");
  }
  std::vector<stdfs::path> candidates = {stdfs::current_path(error) / ".deps/pgsql/bin"};
  for (stdfs::path folder = stdfs::read_symlink("/proc/self/exe", error); folder.has_relative_path();) {
    folder = folder.parent_path();
    candidates.push_back(folder / ".deps/pgsql/bin");
  }
  std::vector<stdfs::path> packaged;
  for (const auto& version : stdfs::directory_iterator("/usr/lib/postgresql", error))
    packaged.push_back(version.path());
  std::sort(packaged.rbegin(), packaged.rend());
  for (const stdfs::path& version : packaged) candidates.push_back(version / "bin");
  for (const stdfs::path& candidate : candidates) {
    if (usable(candidate)) return stdfs::canonical(candidate);
  }
  throw InternalError("no PostgreSQL found: set IMMICH_PG_BINDIR, or DB_URL to use a server");
}

}  // namespace immich::process
