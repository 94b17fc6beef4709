#include "server/core/ml_client.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <unordered_map>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/http/http_client.hpp"
#include "platform/log/log.hpp"
#include "platform/uuid/uuid.hpp"
#include "server/core/ml_wire.hpp"
#include "server/core/system_config.hpp"

namespace immich {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// While checks are off the configuration is looked at this often.
constexpr milliseconds kIdleCheckInterval{30'000};
// Previews are a few hundred KiB.
constexpr std::size_t kMaxImageBytes = 256 * 1024 * 1024;

std::string WithoutSlash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// Seconds of a Retry-After header, within sensible bounds.
milliseconds RetryDelay(const http::ClientResponse& response) {
  const std::string_view text = response.headers.Get("Retry-After");
  int seconds = 1;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 1, 30));
}

}  // namespace

struct MlClient::State {
  State(boost::asio::any_io_executor on, SystemConfig& system_config, Options client_options)
      : executor(std::move(on)), config(system_config), options(client_options), timer(executor) {}

  /// What was asked of one service.
  struct Attempt {
    std::optional<std::string> answer;
    std::string reason;
    std::optional<milliseconds> busy_for;
    bool was_answered = false;
  };

  std::vector<std::string> UrlsInOrder() const;
  Task<Attempt> Ask(std::string url, std::string body, std::string content_type);
  Task<std::string> Predict(std::string entries, std::string part_name, std::string content);
  Task<std::string> PredictImage(std::string entries, std::string path);
  void Note(const std::string& url, bool is_up);
  Task<void> CheckAll(milliseconds ping_timeout);
  Task<void> Check(std::shared_ptr<State> self);

  boost::asio::any_io_executor executor;
  SystemConfig& config;
  const Options options;
  boost::asio::steady_timer timer;
  bool stopped = false;
  /// Services that were never asked are taken for healthy.
  std::unordered_map<std::string, bool> health;
};

std::vector<std::string> MlClient::State::UrlsInOrder() const {
  std::vector<std::string> healthy, silent;
  for (const std::string& configured : config.current().machine_learning.urls) {
    std::string url = WithoutSlash(configured);
    const auto known = health.find(url);
    (known == health.end() || known->second ? healthy : silent).push_back(std::move(url));
  }
  healthy.insert(healthy.end(), std::make_move_iterator(silent.begin()), std::make_move_iterator(silent.end()));
  return healthy;
}

void MlClient::State::Note(const std::string& url, bool is_up) {
  const auto [entry, is_new] = health.try_emplace(url, is_up);
  if (!is_new && entry->second == is_up) return;
  entry->second = is_up;
  if (!is_up) log::Warn("MachineLearning", "{} does not answer", url);
  if (is_up && !is_new) log::Info("MachineLearning", "{} answers again", url);
}

Task<MlClient::State::Attempt> MlClient::State::Ask(std::string url, std::string body, std::string content_type) {
  http::ClientRequest request;
  request.method = http::Method::kPost;
  request.url = url + "/predict";
  request.headers.Add("Content-Type", std::move(content_type));
  request.body = std::move(body);
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  Attempt attempt;
  try {
    http::ClientResponse response = co_await http::Fetch(std::move(request));
    attempt.was_answered = true;
    if (response.status >= 200 && response.status < 300) {
      attempt.answer = std::move(response.body);
    } else {
      attempt.reason = fmt::format("{} answered {} {}", url, response.status, response.body.substr(0, 300));
      if (response.status == 503) attempt.busy_for = RetryDelay(response);
    }
  } catch (const Error& error) {
    attempt.reason = error.what();
  }
  co_return attempt;
}

Task<std::string> MlClient::State::Predict(std::string entries, std::string part_name, std::string content) {
  const std::string boundary = "immich-" + Uuid::Random().ToString();
  const std::string body = ml_wire::MultipartBody(boundary, entries, part_name, content);
  content.clear();
  const std::string content_type = "multipart/form-data; boundary=" + boundary;
  const bool is_text = part_name == "text";
  const auto patient_until = steady_clock::now() + (is_text ? options.text_busy_patience : options.busy_patience);
  for (;;) {
    Attempt last;
    std::optional<milliseconds> busy_for;
    for (const std::string& url : UrlsInOrder()) {
      last = co_await Ask(url, body, content_type);
      Note(url, last.answer || last.was_answered);
      if (last.answer) co_return std::move(*last.answer);
      if (last.busy_for) busy_for = std::min(*last.busy_for, busy_for.value_or(milliseconds::max()));
    }
    if (!busy_for || steady_clock::now() + *busy_for > patient_until) {
      const std::string message = fmt::format("Machine learning request {} failed: {}", entries, last.reason);
      log::Warn("MachineLearning", "{}", message);
      throw InternalError(message);
    }
    co_await SleepFor(*busy_for);
  }
}

Task<std::string> MlClient::State::PredictImage(std::string entries, std::string path) {
  const auto read = [path] { return fs::ReadWholeFile(path, kMaxImageBytes); };
  std::string bytes = co_await RunBlocking(read);
  co_return co_await Predict(std::move(entries), "image", std::move(bytes));
}

Task<void> MlClient::State::CheckAll(milliseconds ping_timeout) {
  for (const std::string& url : UrlsInOrder()) {
    http::ClientRequest request;
    request.url = url + "/ping";
    request.connect_timeout = request.timeout = ping_timeout;
    bool is_up = false;
    try {
      const http::ClientResponse response = co_await http::Fetch(std::move(request));
      is_up = response.status >= 200 && response.status < 300;
    } catch (const Error&) {
    }
    Note(url, is_up);
  }
}

Task<void> MlClient::State::Check(std::shared_ptr<State> self) {
  while (!stopped) {
    const auto machine_learning = config.current().machine_learning;
    const auto& checks = machine_learning.availability_checks;
    const bool is_on = machine_learning.enabled && checks.enabled;
    if (is_on) co_await CheckAll(milliseconds(checks.timeout));
    if (stopped) break;
    timer.expires_after(is_on ? milliseconds(std::max<std::int64_t>(checks.interval, 1000)) : kIdleCheckInterval);
    boost::system::error_code woken_early;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken_early));
  }
}

MlClient::MlClient(boost::asio::any_io_executor executor, SystemConfig& config, Options options)
    : state_(std::make_shared<State>(std::move(executor), config, options)) {}

MlClient::~MlClient() {
  state_->stopped = true;
  state_->timer.cancel();
}

void MlClient::StartChecks() {
  Spawn(state_->executor, "machine learning checks", state_->Check(state_));
}

bool MlClient::IsHealthy(const std::string& url) const {
  const auto known = state_->health.find(WithoutSlash(url));
  return known == state_->health.end() || known->second;
}

Task<std::string> MlClient::EncodeImage(std::string path, std::string model) {
  std::string entries = ml_wire::ImageEncodingEntries(model);
  co_return ml_wire::ParseEncoding(co_await state_->PredictImage(std::move(entries), std::move(path)));
}

Task<std::string> MlClient::EncodeText(std::string text, std::string model, std::optional<std::string> language) {
  std::string entries = ml_wire::TextEncodingEntries(model, language);
  co_return ml_wire::ParseEncoding(co_await state_->Predict(std::move(entries), "text", std::move(text)));
}

Task<FaceReading> MlClient::FindFaces(std::string path, std::string model, double min_score) {
  std::string entries = ml_wire::FaceEntries(model, min_score);
  co_return ml_wire::ParseFaces(co_await state_->PredictImage(std::move(entries), std::move(path)));
}

Task<std::vector<FoundText>> MlClient::ReadText(std::string path, TextReadingOptions options) {
  std::string entries = ml_wire::TextReadingEntries(options);
  co_return ml_wire::ParseTexts(co_await state_->PredictImage(std::move(entries), std::move(path)));
}

Task<ObjectReading> MlClient::FindObjects(std::string path, std::string model, double min_score) {
  std::string entries = ml_wire::ObjectEntries(model, min_score);
  co_return ml_wire::ParseObjects(co_await state_->PredictImage(std::move(entries), std::move(path)));
}

}  // namespace immich
