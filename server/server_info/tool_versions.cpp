#include "server/server_info/tool_versions.hpp"

#include <chrono>
#include <string_view>

#include "platform/error/error.hpp"
#include "platform/process/captured_run.hpp"

namespace immich::server_info {

namespace {

// A Perl start takes 0.2 s, on a busy machine several times that.
constexpr std::chrono::milliseconds kProbeTimeout{10'000};

struct ToolCall {
  std::string program;
  std::string argument;
  /// What stands in front of the version in the first line.
  std::string_view prefix;
};

std::optional<std::string> VersionIn(std::string_view output, std::string_view prefix) {
  const std::string_view line = output.substr(0, output.find('\n'));
  if (line.empty() || !line.starts_with(prefix)) return std::nullopt;
  return std::string(line.substr(prefix.size()));
}

Task<std::optional<std::string>> Ask(ToolCall call) {
  process::ChildOptions program;
  program.program = call.program;
  program.arguments.push_back(call.argument);
  process::CaptureOptions options;
  options.timeout = kProbeTimeout;
  try {
    const process::CapturedRun run = co_await process::RunAndCapture(std::move(program), std::move(options));
    if (run.ok()) co_return VersionIn(run.output, call.prefix);
  } catch (const InternalError&) {
    // Not installed: the answer leaves it out.
  }
  co_return std::nullopt;
}

}  // namespace

Task<ToolVersions> ToolVersionProbe::Get() {
  if (!known_) {
    ToolCall exiftool{"exiftool", "-ver", ""};
    ToolCall ffmpeg{"ffmpeg", "-version", "ffmpeg version "};
    ToolCall vips{"vips", "--version", "vips-"};
    ToolVersions found;
    found.exiftool = co_await Ask(std::move(exiftool));
    found.ffmpeg = co_await Ask(std::move(ffmpeg));
    found.libvips = co_await Ask(std::move(vips));
    known_ = std::move(found);
  }
  co_return *known_;
}

}  // namespace immich::server_info
