#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace immich::log {

/// Levels of IMMICH_LOG_LEVEL, least severe first.
enum class Level { kVerbose, kDebug, kLog, kWarn, kError, kFatal, kOff };
enum class Format { kConsole, kJson };

struct Options {
  Level level = Level::kLog;
  Format format = Format::kConsole;
  bool color = false;
  /// Shown before the context (`[Api:Upload]`); empty for none.
  std::string process = "server";
};

/// Called from main before other threads log; later calls are safe but rare.
void Configure(const Options& options);
/// `verbose`, `debug`, `log`, `warn`, `error`, `fatal`; nullopt for anything else.
std::optional<Level> ParseLevel(std::string_view name);
std::string_view ToString(Level level);
/// Changes the level while running (system config `logging.level`).
void SetLevel(Level level);
bool IsEnabled(Level level);
/// Writes one line to standard output with a single write(2); `context` names the part of the program (`Queue`,
/// `Upload`). Control characters are escaped, so a file name cannot forge lines or drive a terminal.
void Write(Level level, std::string_view context, std::string_view message);

/// The line Write would write at `unix_ms`, with its line end.
std::string FormatLine(const Options& options, Level level, std::string_view context, std::string_view message,
                       std::int64_t unix_ms);

template <class... Args>
void Log(Level level, std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  if (IsEnabled(level)) Write(level, context, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void Verbose(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kVerbose, context, format, std::forward<Args>(args)...);
}
template <class... Args>
void Debug(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kDebug, context, format, std::forward<Args>(args)...);
}
template <class... Args>
void Info(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kLog, context, format, std::forward<Args>(args)...);
}
template <class... Args>
void Warn(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kWarn, context, format, std::forward<Args>(args)...);
}
template <class... Args>
void Error(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kError, context, format, std::forward<Args>(args)...);
}
template <class... Args>
void Fatal(std::string_view context, fmt::format_string<Args...> format, Args&&... args) {
  Log(Level::kFatal, context, format, std::forward<Args>(args)...);
}

}  // namespace immich::log
