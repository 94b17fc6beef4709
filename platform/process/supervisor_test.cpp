#include "platform/process/supervisor.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <fstream>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/log/log.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;

SupervisedChild Script(const std::string& name, const std::string& script) {
  SupervisedChild child;
  child.name = name;
  child.program = [script] {
    ChildOptions options{.program = "sh"};
    options.arguments = {"-c", script};
    return options;
  };
  return child;
}

class SupervisorTest : public ::testing::Test {
 protected:
  void SetUp() override { log::SetLevel(log::Level::kOff); }
  void TearDown() override { log::SetLevel(log::Level::kLog); }

  void Run(std::function<Task<void>(Supervisor&)> body) {
    RunToCompletion([body]() -> Task<void> {
      Supervisor supervisor(co_await boost::asio::this_coro::executor);
      co_await body(supervisor);
    });
  }

  testing::TemporaryDirectory directory_;
};

Task<void> UntilRestarts(Supervisor& supervisor, std::string name, int restarts) {
  while (supervisor.RestartsOf(name) < restarts || !supervisor.IsRunning(name)) co_await SleepFor(1ms);
}

TEST_F(SupervisorTest, RestartsWhatCrashes) {
  Run([](Supervisor& supervisor) -> Task<void> {
    co_await supervisor.Add(Script("a", "exec sleep 1000"));
    const pid_t first = supervisor.PidOf("a");
    EXPECT_GT(first, 0);
    EXPECT_TRUE(supervisor.IsRunning("a"));
    supervisor.Signal("a", SIGKILL);
    co_await UntilRestarts(supervisor, "a", 1);
    EXPECT_NE(supervisor.PidOf("a"), first);
    co_await supervisor.StopAll();
    EXPECT_FALSE(supervisor.IsRunning("a"));
    EXPECT_EQ(supervisor.PidOf("a"), 0);
  });
}

/// Two restarts wait the first and the doubled delay.
TEST_F(SupervisorTest, WaitsLongerEachTime) {
  Run([](Supervisor& supervisor) -> Task<void> {
    const auto begin = std::chrono::steady_clock::now();
    co_await supervisor.Add(Script("a", "exit 1"));
    while (supervisor.RestartsOf("a") < 2) co_await SleepFor(1ms);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 3 * Supervisor::kFirstDelay);
    co_await supervisor.StopAll();
  });
}

TEST_F(SupervisorTest, TheChildsWishDecides) {
  Run([](Supervisor& supervisor) -> Task<void> {
    std::vector<int> codes;
    SupervisedChild child = Script("a", "exit 7");
    child.after_exit = [&](const ExitStatus& status) {
      codes.push_back(status.code);
      return codes.size() < 3 ? AfterExit::kRestartNow : AfterExit::kLeave;
    };
    const auto begin = std::chrono::steady_clock::now();
    co_await supervisor.Add(std::move(child));
    while (codes.size() < 3) co_await SleepFor(1ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, Supervisor::kFirstDelay + 2s);
    co_await SleepFor(5ms);
    EXPECT_EQ(codes, (std::vector<int>{7, 7, 7}));
    EXPECT_FALSE(supervisor.IsRunning("a"));
    co_await supervisor.StopAll();
  });
}

TEST_F(SupervisorTest, StopsTheLastFirst) {
  const std::string order = directory_ / "order";
  Run([order](Supervisor& supervisor) -> Task<void> {
    for (const char* name : {"a", "b", "c"}) {
      const std::string script = std::string("trap 'echo ") + name + " >>" + order + "; exit' TERM; touch " + order +
                                 "." + name + "; while :; do sleep 0.01; done";
      SupervisedChild child = Script(name, script);
      const std::string flag = order + "." + name;
      child.until_ready = [flag](ChildProcess&) -> Task<void> {
        while (!std::ifstream(flag)) co_await SleepFor(1ms);
      };
      co_await supervisor.Add(std::move(child));
    }
    co_await supervisor.StopAll();
  });
  EXPECT_EQ(fs::ReadWholeFile(order), "c\nb\na\n");
}

TEST_F(SupervisorTest, FirstStartMustSucceed) {
  Run([](Supervisor& supervisor) -> Task<void> {
    int failures = 0;
    SupervisedChild missing = Script("a", "");
    missing.program = [] { return ChildOptions{.program = "no-such-program"}; };
    SupervisedChild unready = Script("b", "exec sleep 1000");
    pid_t pid = 0;
    unready.until_ready = [&pid](ChildProcess& child) -> Task<void> {
      pid = child.pid();
      throw InternalError("never ready");
      co_return;
    };
    for (SupervisedChild* child : {&missing, &unready}) {
      try {
        co_await supervisor.Add(*child);
      } catch (const InternalError&) {
        ++failures;
      }
    }
    EXPECT_EQ(failures, 2);
    EXPECT_EQ(kill(pid, 0), -1);
    // The names are free again.
    co_await supervisor.Add(Script("b", "exec sleep 1000"));
    co_await supervisor.StopAll();
  });
}

TEST_F(SupervisorTest, CanBeStoppedWhileItWaitsForARestart) {
  Run([](Supervisor& supervisor) -> Task<void> {
    SupervisedChild child = Script("a", "exit 1");
    int ends = 0;
    child.after_exit = [&](const ExitStatus&) {
      ++ends;
      return AfterExit::kRestart;
    };
    co_await supervisor.Add(std::move(child));
    while (ends < 1) co_await SleepFor(1ms);
    co_await supervisor.Remove("a");
    const int restarts = ends;
    co_await SleepFor(Supervisor::kFirstDelay * 2);
    EXPECT_EQ(ends, restarts);
    co_await supervisor.Remove("unknown");
  });
}

TEST_F(SupervisorTest, PreparesBeforeEveryStart) {
  Run([](Supervisor& supervisor) -> Task<void> {
    int prepared = 0;
    SupervisedChild child = Script("a", "exec sleep 1000");
    child.before_start = [&]() -> Task<void> {
      ++prepared;
      co_return;
    };
    co_await supervisor.Add(std::move(child));
    supervisor.Signal("a", SIGKILL);
    co_await UntilRestarts(supervisor, "a", 1);
    EXPECT_EQ(prepared, 2);
    co_await supervisor.StopAll();
  });
}

/// Dropping the supervisor (as when main leaves by an exception) leaves no child behind.
TEST_F(SupervisorTest, ChildrenEndWithIt) {
  pid_t pid = 0;
  Run([&](Supervisor& supervisor) -> Task<void> {
    co_await supervisor.Add(Script("a", "exec sleep 1000"));
    pid = supervisor.PidOf("a");
  });
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace immich::process
