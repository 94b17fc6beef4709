#include "platform/process/child_process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <thread>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

ChildOptions Shell(const std::string& script) {
  ChildOptions options{.program = "sh"};
  options.arguments = {"-c", script};
  return options;
}

std::string ReadAll(const fs::Fd& fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(fd.get(), buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  return text;
}

/// What the program prints, with how it ended checked.
std::string OutputOf(ChildOptions options) {
  options.output = {Stream::Kind::kPipe};
  ChildProcess child = ChildProcess::Start(options);
  const std::string output = ReadAll(child.output());
  const auto status = child.WaitBlocking(10s);
  EXPECT_TRUE(status && status->ok());
  return output;
}

bool Exists(pid_t pid) {
  return kill(pid, 0) == 0;
}

/// True when the process is gone within ten seconds; a zombie of somebody else's counts as gone.
bool EndsSoon(pid_t pid) {
  for (int i = 0; i < 1000; ++i) {
    if (!Exists(pid)) return true;
    try {
      if (fs::ReadWholeFile("/proc/" + std::to_string(pid) + "/stat").find(") Z ") != std::string::npos) return true;
    } catch (const Error&) {
      return true;
    }
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(ChildProcessTest, ReportsHowItEnded) {
  RunToCompletion([]() -> Task<void> {
    ChildProcess exits = ChildProcess::Start(Shell("exit 7"));
    const ExitStatus status = co_await exits.Wait();
    EXPECT_EQ(status.code, 7);
    EXPECT_EQ(status.ToString(), "exit code 7");
    ChildProcess dies = ChildProcess::Start(Shell("kill -SEGV $$"));
    const ExitStatus signal = co_await dies.Wait();
    EXPECT_EQ(signal.signal, SIGSEGV);
    EXPECT_EQ(signal.ToString(), "signal 11 (Segmentation fault)");
    EXPECT_FALSE(signal.ok());
    EXPECT_EQ(dies.Poll()->signal, SIGSEGV);
  });
}

TEST(ChildProcessTest, SeveralMayWait) {
  RunToCompletion([]() -> Task<void> {
    ChildProcess child = ChildProcess::Start(Shell("sleep 0.05; exit 3"));
    int seen = 0;
    const auto wait = [&]() -> Task<void> {
      const ExitStatus status = co_await child.Wait();
      EXPECT_EQ(status.code, 3);
      ++seen;
    };
    Spawn(co_await boost::asio::this_coro::executor, "Test", wait());
    co_await wait();
    while (seen < 2) co_await SleepFor(1ms);
  });
}

TEST(ChildProcessTest, SaysWhyItDoesNotStart) {
  const testing::TemporaryDirectory directory;
  const auto failure = [](const ChildOptions& options) -> std::string {
    try {
      ChildProcess::Start(options);
    } catch (const InternalError& error) {
      return error.detail();
    }
    return "";
  };
  EXPECT_EQ(failure({.program = "no-such-program"}), "cannot start no-such-program: not found in PATH");
  EXPECT_THAT(failure({.program = directory / "none"}), HasSubstr("exec: No such file or directory"));
  EXPECT_THAT(failure({.program = directory.path()}), HasSubstr("exec: Permission denied"));
  ChildOptions options{.program = "true"};
  options.working_directory = directory / "none";
  EXPECT_EQ(failure(options), "cannot start true: chdir: No such file or directory");
}

TEST(ChildProcessTest, ArgumentsEnvironmentAndFolder) {
  const testing::TemporaryDirectory directory;
  ChildOptions options = Shell("pwd; echo \"$1|$A|$HOME\"");
  options.arguments.insert(options.arguments.end(), {"sh", "one 'two' $three"});
  options.environment = {{"A", "b=c"}, {"HOME", ""}};
  options.working_directory = directory.path();
  EXPECT_EQ(OutputOf(options), directory.path() + "\none 'two' $three|b=c|\n");
}

TEST(ChildProcessTest, InputThroughAPipe) {
  ChildOptions options{.program = "cat"};
  options.input = options.output = {Stream::Kind::kPipe};
  ChildProcess child = ChildProcess::Start(options);
  ASSERT_EQ(write(child.input().get(), "hello", 5), 5);
  child.input().Reset();
  EXPECT_EQ(ReadAll(child.output()), "hello");
}

TEST(ChildProcessTest, GetsOnlyTheDescriptorsItShould) {
  // Deliberately inheritable.
  const fs::Fd leak(open("/dev/null", O_RDONLY));
  ASSERT_TRUE(leak);
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const fs::Fd read_end(ends[0]);
  fs::Fd write_end(ends[1]);
  ASSERT_EQ(write(ends[1], "from pipe", 9), 9);
  write_end.Reset();
  ChildOptions options = Shell("cat <&7; cd /proc/self/fd; echo; echo *");
  options.descriptors = {{read_end.get(), 7}};
  // `echo *` itself opens the folder: one number more than 0, 1, 2 and 7.
  EXPECT_THAT(OutputOf(options), ::testing::MatchesRegex("from pipe\n0 1 2 3? ?7 ?[0-9]*\n"));
}

TEST(ChildProcessTest, LimitsAndPriority) {
  ChildOptions options = Shell("ulimit -n; nice");
  options.limits = {{RLIMIT_NOFILE, 123}};
  options.nice = 5;
  EXPECT_EQ(OutputOf(options), "123\n5\n");
}

TEST(ChildProcessTest, SignalsAreAtTheirDefaults) {
  std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(OutputOf(Shell("(trap) 2>&1; grep -E 'SigIgn|SigBlk' /proc/self/status | tr -d '\\t\\n'")),
            "SigBlk:0000000000000000SigIgn:0000000000000000");
}

TEST(ChildProcessTest, AnotherAccount) {
  const auto nobody = FindAccount("nobody");
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(FindAccount("no-such-account"));
  if (geteuid() != 0) GTEST_SKIP() << "only root can change the account";
  ChildOptions options = Shell("id -u; id -G; grep -c . /proc/self/status >/dev/null && echo fine");
  options.run_as = nobody;
  EXPECT_EQ(OutputOf(options), std::to_string(nobody->uid) + "\n" + std::to_string(nobody->gid) + "\nfine\n");
}

TEST(ChildProcessTest, StopIsPatientThenNot) {
  RunToCompletion([]() -> Task<void> {
    ChildOptions options = Shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done");
    options.output = {Stream::Kind::kPipe};
    ChildProcess polite = ChildProcess::Start(options);
    char byte;
    EXPECT_EQ(read(polite.output().get(), &byte, 1), 1);
    const ExitStatus status = co_await polite.Stop(SIGTERM, 10s);
    EXPECT_EQ(status.code, 5);
    options = Shell("trap '' TERM; echo ready; while :; do sleep 0.01; done");
    options.output = {Stream::Kind::kPipe};
    ChildProcess stubborn = ChildProcess::Start(options);
    EXPECT_EQ(read(stubborn.output().get(), &byte, 1), 1);
    const ExitStatus killed = co_await stubborn.Stop(SIGTERM, 50ms);
    EXPECT_EQ(killed.signal, SIGKILL);
    const ExitStatus again = co_await stubborn.Stop(SIGTERM, 50ms);
    EXPECT_EQ(again.signal, SIGKILL);
  });
}

TEST(ChildProcessTest, TakesItsOffspringAlong) {
  ChildOptions options = Shell("sleep 1000 & echo $!; wait");
  options.output = {Stream::Kind::kPipe};
  pid_t child_pid, offspring;
  {
    ChildProcess child = ChildProcess::Start(options);
    char buffer[32] = {};
    ASSERT_GT(read(child.output().get(), buffer, sizeof buffer - 1), 0);
    child_pid = child.pid();
    offspring = std::atoi(buffer);
    ASSERT_TRUE(Exists(offspring));
  }
  EXPECT_FALSE(Exists(child_pid));
  EXPECT_TRUE(EndsSoon(offspring));
}

TEST(ChildProcessTest, OffspringOfAnEndedChildGoesToo) {
  ChildOptions options = Shell("sleep 1000 & echo $!");
  options.output = {Stream::Kind::kPipe};
  ChildProcess child = ChildProcess::Start(options);
  char buffer[32] = {};
  ASSERT_GT(read(child.output().get(), buffer, sizeof buffer - 1), 0);
  ASSERT_TRUE(child.WaitBlocking(10s));
  EXPECT_TRUE(EndsSoon(std::atoi(buffer)));
}

TEST(ChildProcessTest, DiesWithTheThreadThatStartedIt) {
  ChildProcess child;
  std::thread([&] {
    ChildOptions options{.program = "sleep"};
    options.arguments = {"1000"};
    options.death_signal = SIGTERM;
    child = ChildProcess::Start(options);
  }).join();
  const auto status = child.WaitBlocking(10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGTERM);
}

TEST(ChildProcessTest, DetachedLivesOn) {
  pid_t pid;
  {
    ChildOptions options{.program = "sleep"};
    options.arguments = {"1000"};
    ChildProcess child = ChildProcess::Start(options);
    pid = child.pid();
    EXPECT_FALSE(child.WaitBlocking(1ms));
    child.Detach();
  }
  EXPECT_TRUE(Exists(pid));
  kill(pid, SIGKILL);
  EXPECT_TRUE(EndsSoon(pid));
}

}  // namespace
}  // namespace immich::process
