#include "platform/process/captured_run.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"

namespace immich::process {
namespace {

using namespace std::chrono_literals;

ChildOptions Shell(const std::string& script) {
  ChildOptions options{.program = "sh"};
  options.arguments = {"-c", script};
  return options;
}

TEST(CapturedRunTest, KeepsOutputAndError) {
  const CapturedRun run = RunAndCaptureBlocking(Shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(run.output, "out\n");
  EXPECT_EQ(run.error, "err\n");
  EXPECT_EQ(run.status.code, 3);
  EXPECT_FALSE(run.ok());
}

TEST(CapturedRunTest, LargeInputComesBack) {
  std::string input;
  for (int i = 0; i < 300'000; ++i) input += std::to_string(i);
  const CapturedRun run = RunAndCaptureBlocking({.program = "cat"}, {.input = input});
  EXPECT_TRUE(run.ok());
  EXPECT_EQ(run.output, input);
}

TEST(CapturedRunTest, ProgramsMayIgnoreTheirInput) {
  const CapturedRun run = RunAndCaptureBlocking({.program = "true"}, {.input = std::string(1'000'000, 'x')});
  EXPECT_TRUE(run.ok());
}

TEST(CapturedRunTest, TimesOut) {
  CaptureOptions options;
  options.timeout = 50ms;
  const CapturedRun run = RunAndCaptureBlocking(Shell("echo begun; sleep 1000 & sleep 1000"), options);
  EXPECT_TRUE(run.timed_out);
  EXPECT_FALSE(run.ok());
  EXPECT_EQ(run.output, "begun\n");
}

TEST(CapturedRunTest, EndlessOutputIsStopped) {
  CaptureOptions options;
  options.max_bytes = 100'000;
  const CapturedRun run = RunAndCaptureBlocking({.program = "yes"}, options);
  EXPECT_TRUE(run.too_much_output);
  EXPECT_FALSE(run.ok());
  EXPECT_LE(run.output.size(), 100'000u);
}

TEST(CapturedRunTest, MissingProgramThrows) {
  EXPECT_THROW(RunAndCaptureBlocking({.program = "no-such-program"}), InternalError);
}

TEST(CapturedRunTest, CancellingKillsTheProgram) {
  RunToCompletion([]() -> Task<void> {
    int ends[2];
    EXPECT_EQ(pipe2(ends, 0), 0);
    const fs::Fd read_end(ends[0]);
    fs::Fd write_end(ends[1]);
    // The shell and the sleep hold the pipe open as long as they live.
    ChildOptions program = Shell("echo begun >&9; sleep 1000; true");
    program.descriptors = {{write_end.get(), 9}};
    boost::asio::cancellation_signal cancel;
    bool ended = false;
    boost::asio::co_spawn(
        co_await boost::asio::this_coro::executor, RunAndCapture(program),
        boost::asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, CapturedRun) { ended = true; }));
    co_await SleepFor(1ms);
    write_end.Reset();
    char byte;
    EXPECT_EQ(read(read_end.get(), &byte, 1), 1);
    cancel.emit(boost::asio::cancellation_type::terminal);
    while (!ended) co_await SleepFor(1ms);
    char rest[100];
    while (read(read_end.get(), rest, sizeof rest) > 0) {
    }
  });
}

TEST(LogLinesTest, OneEntryALine) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  fs::Fd read_end(ends[0]);
  fs::Fd write_end(ends[1]);
  const std::string text = "first\n\nWARNING: second\nlast without end";
  ASSERT_EQ(write(write_end.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  write_end.Reset();
  ::testing::internal::CaptureStdout();
  const auto level = [](std::string_view line) {
    return line.starts_with("WARNING") ? log::Level::kWarn : log::Level::kLog;
  };
  RunToCompletion([&] { return LogLines(std::move(read_end), "Tool", level); });
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              ::testing::MatchesRegex(".*LOG .server:Tool. first\n.*WARN .server:Tool. WARNING: second\n"
                                      ".*LOG .server:Tool. last without end\n"));
}

}  // namespace
}  // namespace immich::process
