#include "platform/log/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>

namespace immich::log {
namespace {

struct LevelName {
  std::string_view name;
  std::string_view label;
  std::string_view color;
};

constexpr std::array<LevelName, 6> kLevels = {{{"verbose", "VERBOSE", "\x1b[96m"},
                                               {"debug", "  DEBUG", "\x1b[95m"},
                                               {"log", "    LOG", "\x1b[32m"},
                                               {"warn", "   WARN", "\x1b[33m"},
                                               {"error", "  ERROR", "\x1b[31m"},
                                               {"fatal", "  FATAL", "\x1b[1;31m"}}};
constexpr std::string_view kContextColor = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[39m\x1b[22m";

const LevelName& NameOf(Level level) {
  return kLevels[std::min(static_cast<std::size_t>(level), kLevels.size() - 1)];
}

std::atomic<Level> current_level{Level::kLog};

/// What lines look like; replaced as a whole by Configure.
struct Current {
  std::mutex mutex;
  std::shared_ptr<const Options> options = std::make_shared<Options>();
};

Current& TheCurrent() {
  // Never destroyed: threads and static destructors may log until the very end.
  static Current* current = new Current;
  return *current;
}

std::shared_ptr<const Options> CurrentOptions() {
  std::lock_guard lock(TheCurrent().mutex);
  return TheCurrent().options;
}

/// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool too_large = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

bool IsControl(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  // The C1 controls U+0080..U+009F are C2 80..C2 9F in UTF-8.
  return first < 0x20 || first == 0x7F || (first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0);
}

void AppendEscaped(std::string& out, std::string_view sequence, bool json) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  switch (first) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const unsigned code = sequence.size() == 2 ? static_cast<unsigned char>(sequence[1]) : first;
  fmt::format_to(std::back_inserter(out), fmt::runtime(json ? "\\u{:04x}" : "\\x{:02x}"), code);
}

/// Appends `text` with control characters escaped and broken UTF-8 replaced; in JSON also quotes and backslashes.
void AppendText(std::string& out, std::string_view text, bool json) {
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (IsControl(sequence)) {
      AppendEscaped(out, sequence, json);
    } else {
      if (json && (text[0] == '"' || text[0] == '\\')) out += '\\';
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
}

/// `11/22/2026, 3:04:05 PM` in the process's time zone.
void AppendLocalTime(std::string& out, std::int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  const int hour = local.tm_hour % 12 == 0 ? 12 : local.tm_hour % 12;
  fmt::format_to(std::back_inserter(out), "{:02}/{:02}/{:04}, {}:{:02}:{:02} {}", local.tm_mon + 1, local.tm_mday,
                 local.tm_year + 1900, hour, local.tm_min, local.tm_sec, local.tm_hour < 12 ? "AM" : "PM");
}

void AppendContext(std::string& out, const Options& options, std::string_view context, bool json) {
  AppendText(out, options.process, json);
  if (!options.process.empty() && !context.empty()) out += ':';
  AppendText(out, context, json);
}

void AppendConsole(std::string& out, const Options& options, Level level, std::string_view context,
                   std::string_view message, std::int64_t unix_ms) {
  const LevelName& name = NameOf(level);
  const auto paint = [&](std::string_view color) {
    if (options.color) out += color;
  };
  paint(name.color);
  fmt::format_to(std::back_inserter(out), "[immich] {}  - ", getpid());
  paint(kPlain);
  AppendLocalTime(out, unix_ms);
  out += ' ';
  paint(name.color);
  out += name.label;
  paint(kContextColor);
  out += " [";
  AppendContext(out, options, context, false);
  out += "] ";
  paint(name.color);
  AppendText(out, message, false);
  paint(kPlain);
}

void AppendJson(std::string& out, const Options& options, Level level, std::string_view context,
                std::string_view message, std::int64_t unix_ms) {
  fmt::format_to(std::back_inserter(out), R"({{"level":"{}","pid":{},"timestamp":{},"message":")", NameOf(level).name,
                 getpid(), unix_ms);
  AppendText(out, message, true);
  out += R"(","context":")";
  AppendContext(out, options, context, true);
  out += R"("})";
}

/// One write(2) in the normal case. A reader that stays away for a second loses the line: logging never stops the
/// server.
void WriteAll(std::string_view line) {
  constexpr int kMaxWaitMs = 1000;
  while (!line.empty()) {
    const ssize_t written = write(STDOUT_FILENO, line.data(), line.size());
    if (written > 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd out{STDOUT_FILENO, POLLOUT, 0};
      if (poll(&out, 1, kMaxWaitMs) <= 0) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace

void Configure(const Options& options) {
  auto next = std::make_shared<const Options>(options);
  {
    std::lock_guard lock(TheCurrent().mutex);
    TheCurrent().options = std::move(next);
  }
  SetLevel(options.level);
}

std::optional<Level> ParseLevel(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i].name == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

std::string_view ToString(Level level) {
  return level == Level::kOff ? "off" : NameOf(level).name;
}

void SetLevel(Level level) {
  current_level.store(level, std::memory_order_relaxed);
}

bool IsEnabled(Level level) {
  return level != Level::kOff && level >= current_level.load(std::memory_order_relaxed);
}

std::string FormatLine(const Options& options, Level level, std::string_view context, std::string_view message,
                       std::int64_t unix_ms) {
  std::string line;
  line.reserve(message.size() + 128);
  if (options.format == Format::kJson) {
    AppendJson(line, options, level, context, message, unix_ms);
  } else {
    AppendConsole(line, options, level, context, message, unix_ms);
  }
  line += '\n';
  return line;
}

void Write(Level level, std::string_view context, std::string_view message) {
  if (!IsEnabled(level)) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  WriteAll(FormatLine(*CurrentOptions(), level, context, message, unix_ms));
}

}  // namespace immich::log
