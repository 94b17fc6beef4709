#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ml/model_cache/model_hub.hpp"
#include "ml/sessions/session_factory.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {

/// A model to load at start.
struct PreloadModel {
  std::string task, type, name;
};

/// Everything the service takes from environment variables; docs/machine-learning.md lists them.
struct MlSettings {
  /// Empty: all interfaces, IPv6 and IPv4.
  std::string host;
  std::uint16_t port = 3003;
  log::Level log_level = log::Level::kLog;
  log::Format log_format = log::Format::kConsole;
  bool log_color = true;

  std::filesystem::path cache_folder = "/cache";
  HubSettings hub;
  std::vector<PreloadModel> preload;

  /// A model not used for this long is unloaded; 0: never.
  std::chrono::seconds model_ttl{300};
  std::chrono::seconds model_ttl_poll{10};
  int workers = 1;
  std::chrono::seconds worker_timeout{300};
  std::chrono::seconds keep_alive{2};
  int processors = 1;
  /// Threads for decoding and everything else around graphs.
  int request_threads = 1;
  int intra_op_threads = 2;
  SessionSettings sessions;
  /// Largest batches; 0: the task's default.
  std::size_t max_batch_faces = 0;
  std::size_t max_batch_ocr = 0;
  /// Requests accepted at the same time, waiting ones included; more get 503.
  std::size_t max_pending = 128;

  /// Graphs running at the same time. On the processor no more than it has threads for: another run would not be done
  /// sooner, but needs memory for its intermediate results.
  int lanes() const;
};

using Lookup = std::function<std::optional<std::string>(std::string_view name)>;
/// From the process's environment. Throws InternalError with one line an issue, as config::ReadEnvironment.
MlSettings ReadMlSettings();
MlSettings ReadMlSettings(const Lookup& lookup, int processors);

}  // namespace immich::ml
