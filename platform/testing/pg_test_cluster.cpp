#include "platform/testing/pg_test_cluster.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <span>
#include <thread>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/process/captured_run.hpp"
#include "platform/process/embedded_postgres.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "platform/testing/test_postgres_files.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::testing {
namespace {

std::string BinDirectory() {
  const char* configured = std::getenv("IMMICH_PG_BINDIR");
  return process::FindPostgresPrograms(configured != nullptr ? configured : "");
}

fs::Fd Lock(const std::string& path, int operation) {
  fs::Fd fd = fs::Open(path, O_RDWR | O_CREAT, 0600);
  while (flock(fd.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return {};
    if (errno != EINTR) fs::ThrowFileError("flock", path, errno);
  }
  return fd;
}

/// Runs statements one after the other on `database`.
std::string Psql(const std::string& bin_directory, const std::string& url, const std::string& statements) {
  process::ChildOptions program{.program = bin_directory + "/psql"};
  program.arguments = {"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"};
  const process::CapturedRun run = process::RunAndCaptureBlocking(program, {.input = statements});
  if (!run.ok()) throw InternalError("psql: " + run.status.ToString() + ": " + run.error);
  std::string output = run.output;
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

/// This process's share in the cluster all test programs use.
class SharedCluster {
 public:
  static SharedCluster& Get() {
    static SharedCluster cluster;
    return cluster;
  }

  std::string Url(const std::string& database) const {
    return "postgresql:///" + database + "?host=" + files_.socket_directory() + "&user=postgres";
  }
  std::string Run(const std::string& database, const std::string& statements) const {
    return Psql(bin_directory_, Url(database), statements);
  }

  /// Makes the template unless it is there; returns its database's name.
  std::string EnsureTemplate(std::string_view name, const std::function<void(const std::string&)>& prepare) {
    const auto digest = crypto::HashSha256(name);
    const std::string database = "template_" + crypto::ToHex(std::span(digest).first(12));
    const std::string done = files_.directory + "/" + database + ".done";
    const fs::Fd lock = Lock(files_.directory + "/" + database + ".lock", LOCK_EX);
    if (access(done.c_str(), F_OK) == 0) return database;
    Run("postgres", "DROP DATABASE IF EXISTS " + database + " WITH (FORCE);\nCREATE DATABASE " + database + ";");
    prepare(Url(database));
    // Whatever still connects would make copies fail.
    Run("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false;");
    fs::Open(done, O_WRONLY | O_CREAT, 0600);
    return database;
  }

 private:
  SharedCluster() : bin_directory_(BinDirectory()), files_(TestPostgresFiles::For(bin_directory_)) {
    if (mkdir(files_.directory.c_str(), 0755) != 0 && errno != EEXIST) {
      fs::ThrowFileError("mkdir", files_.directory, errno);
    }
    struct stat info;
    if (lstat(files_.directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) {
      throw InternalError(files_.directory + " belongs to somebody else");
    }
    // Holders of the start lock are starting the cluster or taking it down.
    const fs::Fd start = Lock(files_.start_lock(), LOCK_EX);
    if (Lock(files_.keeper_lock(), LOCK_EX | LOCK_NB)) StartKeeper();
    in_use_ = Lock(files_.users_lock(), LOCK_SH);
  }

  void StartKeeper() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw InternalError("pipe failed");
    const fs::Fd ready(ends[0]);
    fs::Fd report(ends[1]);
    const fs::Fd log = fs::Open(files_.log(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    process::ChildOptions program{.program = IMMICH_TEST_POSTGRES};
    program.arguments = {files_.directory, bin_directory_};
    program.output = program.error = {process::Stream::Kind::kFd, log.get()};
    program.descriptors = {{report.get(), TestPostgresFiles::kReportFd}};
    program.working_directory = "/";
    program.death_signal = 0;
    process::ChildProcess keeper = process::ChildProcess::Start(program);
    report.Reset();
    char answer = 0;
    while (read(ready.get(), &answer, 1) < 0 && errno == EINTR) {
    }
    if (answer != TestPostgresFiles::kReady) {
      throw InternalError("the test database did not start: " + fs::ReadWholeFile(files_.log()));
    }
    keeper.Detach();
  }

  std::string bin_directory_;
  TestPostgresFiles files_;
  fs::Fd in_use_;
};

std::string NewName() {
  std::string name = "test_" + Uuid::Random().ToString();
  std::erase(name, '-');
  return name;
}

}  // namespace

TestDatabase::TestDatabase() : name_(NewName()), url_(SharedCluster::Get().Url(name_)) {
  SharedCluster::Get().Run("postgres", "CREATE DATABASE " + name_ + " STRATEGY file_copy;");
}

TestDatabase::TestDatabase(std::string_view template_name, const std::function<void(const std::string& url)>& prepare)
    : name_(NewName()), url_(SharedCluster::Get().Url(name_)) {
  SharedCluster& cluster = SharedCluster::Get();
  const std::string source = cluster.EnsureTemplate(template_name, prepare);
  cluster.Run("postgres", "CREATE DATABASE " + name_ + " TEMPLATE " + source + " STRATEGY file_copy;");
}

TestDatabase::~TestDatabase() {
  try {
    SharedCluster::Get().Run("postgres", "DROP DATABASE " + name_ + " WITH (FORCE);");
  } catch (const InternalError&) {
    // The cluster takes everything with it when it ends.
  }
}

std::string TestDatabase::Run(const std::string& statements) const {
  return SharedCluster::Get().Run(name_, statements);
}

struct PgTestServer::Impl {
  TemporaryDirectory directory;
  boost::asio::io_context io{1};
  process::Supervisor supervisor{io.get_executor()};
  process::EmbeddedPostgres postgres{
      supervisor,
      {.data_directory = directory / "pg", .bin_directory = BinDirectory(), .max_connections = 30, .durable = false}};
  std::promise<void> stop_asked;
  std::thread thread;

  /// Runs `body` on the server's own event loop thread and waits for it.
  void OnLoop(const std::function<Task<void>()>& body) {
    std::promise<void> done;
    const auto run = [&]() -> Task<void> {
      try {
        co_await body();
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    };
    Spawn(io, "PgTestServer", run());
    done.get_future().get();
  }
};

PgTestServer::PgTestServer() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([impl = impl_.get()] {
    // Runs until the destructor stops it, also while there is nothing to do.
    const auto work = boost::asio::require(impl->io.get_executor(), boost::asio::execution::outstanding_work.tracked);
    impl->io.run();
  });
  try {
    impl_->OnLoop([this] { return impl_->postgres.Start(); });
  } catch (...) {
    impl_->io.stop();
    impl_->thread.join();
    throw;
  }
}

PgTestServer::~PgTestServer() {
  impl_->OnLoop([this] { return impl_->postgres.Stop(); });
  impl_->io.stop();
  impl_->thread.join();
  detail::WaitForBlockingWork(impl_->io);
}

std::string PgTestServer::Url(std::string_view database) const {
  return impl_->postgres.Url(database);
}

void PgTestServer::Crash() {
  impl_->OnLoop([this]() -> Task<void> {
    const int restarts = impl_->supervisor.RestartsOf("Postgres");
    impl_->supervisor.Signal("Postgres", SIGKILL);
    while (impl_->supervisor.RestartsOf("Postgres") == restarts || !impl_->supervisor.IsRunning("Postgres")) {
      co_await SleepFor(std::chrono::milliseconds(5));
    }
  });
}

}  // namespace immich::testing
