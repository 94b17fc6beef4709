#include "ml/service/ml_settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <thread>

#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

constexpr long kMaxThreads = 1024;
constexpr long kMaxSeconds = 10L * 365 * 86400;

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return items;
}

/// Reads variables one by one and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(const Lookup& lookup) : lookup_(lookup) {}

  std::optional<std::string> Find(std::string_view name) const {
    auto value = lookup_(name);
    return value && !value->empty() ? std::move(value) : std::nullopt;
  }
  std::optional<std::string> FindOwn(std::string_view name) const {
    return Find("MACHINE_LEARNING_" + std::string(name));
  }
  long Number(const std::string& name, long fallback, long min, long max) {
    const auto value = Find(name);
    if (!value) return fallback;
    long parsed = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), parsed);
    if (error == std::errc{} && end == value->data() + value->size() && parsed >= min && parsed <= max) return parsed;
    Complain(name, fmt::format("Invalid input: expected a number from {} to {}", min, max));
    return fallback;
  }
  long OwnNumber(std::string_view name, long fallback, long min, long max) {
    return Number("MACHINE_LEARNING_" + std::string(name), fallback, min, max);
  }
  bool Flag(const std::string& name, bool fallback) {
    const auto value = Find(name);
    if (!value) return fallback;
    const auto parsed = config::ParseBool(*value);
    if (!parsed) Complain(name, "Invalid input: expected boolean");
    return parsed.value_or(fallback);
  }
  void Complain(std::string_view name, std::string_view message) {
    issues_ += fmt::format("\n  - [{}] {}", name, message);
  }
  void ThrowIfWrong() const {
    if (!issues_.empty()) throw InternalError("Invalid environment variables:" + issues_);
  }

 private:
  const Lookup& lookup_;
  std::string issues_;
};

void ReadAddress(Reader& in, MlSettings& out) {
  // Compat: the original's default is `[::]`, an address in the form of a URL.
  std::string host = in.Find("IMMICH_HOST").value_or("[::]");
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  out.host = host == "::" ? "" : host;
  out.port = static_cast<std::uint16_t>(in.Number("IMMICH_PORT", out.port, 0, 65535));
}

void ReadLog(Reader& in, MlSettings& out) {
  if (const auto value = in.Find("IMMICH_LOG_LEVEL")) {
    // Compat: the original takes Python's names as well.
    std::string name = *value;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "info") name = "log";
    if (name == "warning") name = "warn";
    if (name == "critical") name = "fatal";
    const auto level = log::ParseLevel(name);
    if (!level)
      in.Complain("IMMICH_LOG_LEVEL", "Invalid option: expected one of verbose, debug, log, warn, error, fatal");
    out.log_level = level.value_or(out.log_level);
  }
  out.log_format = in.Find("IMMICH_LOG_FORMAT") == "json" ? log::Format::kJson : log::Format::kConsole;
  out.log_color = !in.Find("NO_COLOR") && isatty(STDOUT_FILENO) == 1;
}

void ReadModels(Reader& in, MlSettings& out) {
  if (const auto folder = in.FindOwn("CACHE_FOLDER")) out.cache_folder = *folder;
  const auto endpoint = [&](const char* name, std::string& value) {
    if (const auto given = in.Find(name)) value = *given;
    while (value.ends_with('/')) value.pop_back();
    if (!value.starts_with("http://") && !value.starts_with("https://")) in.Complain(name, "expected a URL");
  };
  endpoint("HF_ENDPOINT", out.hub.endpoint);
  endpoint("MODELSCOPE_ENDPOINT", out.hub.ocr_endpoint);
  out.hub.token = in.Find("HF_TOKEN").value_or("");
  out.hub.owner = in.FindOwn("MODEL_OWNER").value_or(out.hub.owner);
  out.hub.offline = in.Flag("HF_HUB_OFFLINE", false);
  constexpr struct {
    const char *variable, *task, *type;
  } kPreloads[] = {{"CLIP__TEXTUAL", "clip", "textual"},
                   {"CLIP__VISUAL", "clip", "visual"},
                   {"FACIAL_RECOGNITION__DETECTION", "facial-recognition", "detection"},
                   {"FACIAL_RECOGNITION__RECOGNITION", "facial-recognition", "recognition"},
                   {"OCR__DETECTION", "ocr", "detection"},
                   {"OCR__RECOGNITION", "ocr", "recognition"},
                   {"OBJECT_DETECTION__DETECTION", "object-detection", "detection"}};
  for (const auto& preload : kPreloads) {
    const std::string names = in.FindOwn(std::string("PRELOAD__") + preload.variable).value_or("");
    for (std::string& name : SplitList(names)) out.preload.push_back({preload.task, preload.type, std::move(name)});
  }
}

void ReadProviders(Reader& in, SessionSettings& out) {
  if (const auto ids = in.FindOwn("DEVICE_IDS")) out.device_ids = SplitList(*ids);
  if (out.device_ids.empty()) out.device_ids = {"0"};
  const auto precision = [&](const char* name, std::string& value) {
    value = in.FindOwn(name).value_or(value);
    if (value != "FP32" && value != "FP16") {
      in.Complain(std::string("MACHINE_LEARNING_") + name, "Invalid option: expected one of FP32, FP16");
    }
  };
  precision("OPENVINO_PRECISION", out.providers.openvino_precision);
  precision("ROCM_PRECISION", out.providers.rocm_precision);
  for (const std::string& name : SplitList(in.FindOwn("PROVIDERS").value_or(""))) {
    try {
      out.providers.wanted.push_back(ParseExecutionProvider(name));
    } catch (const InternalError& error) {
      in.Complain("MACHINE_LEARNING_PROVIDERS", error.detail());
    }
  }
}

void ReadServing(Reader& in, MlSettings& out, int processors) {
  const auto seconds = [&](const char* name, std::chrono::seconds fallback, long min) {
    return std::chrono::seconds(in.OwnNumber(name, fallback.count(), min, kMaxSeconds));
  };
  out.model_ttl = std::max(seconds("MODEL_TTL", out.model_ttl, -kMaxSeconds), std::chrono::seconds(0));
  out.model_ttl_poll = seconds("MODEL_TTL_POLL_S", out.model_ttl_poll, 1);
  out.worker_timeout = seconds("WORKER_TIMEOUT", out.worker_timeout, 0);
  out.keep_alive = seconds("HTTP_KEEPALIVE_TIMEOUT_S", out.keep_alive, 1);
  out.workers = static_cast<int>(in.OwnNumber("WORKERS", 1, 1, kMaxThreads));
  out.request_threads = static_cast<int>(in.OwnNumber("REQUEST_THREADS", processors, 1, kMaxThreads));
  // Compat: 0 stands for the default.
  const auto intra = static_cast<int>(in.OwnNumber("MODEL_INTRA_OP_THREADS", 0, 0, kMaxThreads));
  const auto inter = static_cast<int>(in.OwnNumber("MODEL_INTER_OP_THREADS", 0, 0, kMaxThreads));
  out.intra_op_threads = intra == 0 ? 2 : intra;
  out.sessions.inter_op_threads = std::max(inter, 1);
  out.sessions.arena = in.Flag("MACHINE_LEARNING_MODEL_ARENA", true);
  const auto batch = [&](const char* name) { return static_cast<std::size_t>(in.OwnNumber(name, 0, 0, 4096)); };
  out.max_batch_faces = batch("MAX_BATCH_SIZE__FACIAL_RECOGNITION");
  out.max_batch_ocr = batch("MAX_BATCH_SIZE__OCR");
  out.max_pending = static_cast<std::size_t>(in.OwnNumber("MAX_PENDING", 128, 1, 100000));
}

}  // namespace

int MlSettings::lanes() const {
  const int wanted = workers * std::max(1, request_threads / intra_op_threads);
  const auto& providers = sessions.providers.wanted;
  const bool asks_for_device = !providers.empty() && providers.front() != ExecutionProvider::kCpu;
  return asks_for_device ? wanted : std::min(wanted, std::max(1, processors / intra_op_threads));
}

MlSettings ReadMlSettings(const Lookup& lookup, int processors) {
  Reader in(lookup);
  MlSettings out;
  out.processors = processors;
  ReadAddress(in, out);
  ReadLog(in, out);
  ReadModels(in, out);
  ReadProviders(in, out.sessions);
  ReadServing(in, out, processors);
  in.ThrowIfWrong();
  return out;
}

MlSettings ReadMlSettings() {
  const auto lookup = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  return ReadMlSettings(lookup, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace immich::ml
