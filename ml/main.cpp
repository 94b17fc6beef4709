#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <exception>

#include "ml/service/ml_server.hpp"
#include "ml/service/ml_settings.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"

namespace {

/// Large blocks go back to the system when they are freed, and threads share the pools of small ones: what a model used
/// must not stay with the process when it is unloaded.
void KeepHeapSmall() {
  constexpr int kLargeBlockBytes = 256 * 1024;
  constexpr int kHeaps = 2;
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
  mallopt(M_TRIM_THRESHOLD, kLargeBlockBytes);
  mallopt(M_ARENA_MAX, kHeaps);
}

}  // namespace

int main() {
  try {
    KeepHeapSmall();
    immich::process::IgnoreBrokenPipes();
    const immich::ml::MlSettings settings = immich::ml::ReadMlSettings();
    immich::log::Configure({.level = settings.log_level,
                            .format = settings.log_format,
                            .color = settings.log_color,
                            .process = "machine-learning"});
    return immich::ml::RunMlServer(settings);
  } catch (const immich::InternalError& error) {
    fmt::print(stderr, "immich-machine-learning: {}\n", error.detail());
  } catch (const std::exception& error) {
    fmt::print(stderr, "immich-machine-learning: {}\n", error.what());
  }
  return 1;
}
