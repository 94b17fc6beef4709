#include "platform/metrics/metric_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <variant>

#include "platform/error/error.hpp"

namespace immich::metrics {
namespace {

using AnyMetric = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;
constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram"};

void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (quotes && c == '"')) out += '\\';
      out += c;
    }
  }
}

/// `a="1",b="2"`: the identity of a series and what is printed between the braces.
std::string LabelText(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(name).append("=\"");
    AppendEscaped(text, value, true);
    text += '"';
  }
  return text;
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  constexpr double kExactIntegers = 9007199254740992.0;
  if (value == std::floor(value) && std::abs(value) < kExactIntegers) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", value);
}

void AppendSample(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
                  const std::string& value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void AppendHistogram(std::string& out, std::string_view name, const std::string& labels, const Histogram& histogram) {
  const std::string prefix = labels.empty() ? "" : labels + ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
    total += histogram.bucket(i);
    const std::string bound = i == histogram.bounds().size() ? "+Inf" : NumberText(histogram.bounds()[i]);
    AppendSample(out, name, "_bucket", fmt::format("{}le=\"{}\"", prefix, bound), std::to_string(total));
  }
  AppendSample(out, name, "_sum", labels, NumberText(histogram.sum()));
  AppendSample(out, name, "_count", labels, std::to_string(total));
}

void AppendMetric(std::string& out, std::string_view name, const std::string& labels, const AnyMetric& metric) {
  if (const auto* counter = std::get_if<std::unique_ptr<Counter>>(&metric)) {
    AppendSample(out, name, "", labels, NumberText((*counter)->value()));
  } else if (const auto* gauge = std::get_if<std::unique_ptr<Gauge>>(&metric)) {
    AppendSample(out, name, "", labels, NumberText((*gauge)->value()));
  } else {
    AppendHistogram(out, name, labels, *std::get<std::unique_ptr<Histogram>>(metric));
  }
}

}  // namespace

struct Registry::Family {
  std::string help;
  std::map<std::string, AnyMetric> metrics;
};

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), buckets_(new std::atomic<std::uint64_t>[bounds.size() + 1]()) {}

void Histogram::Observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Registry::Registry() = default;
Registry::~Registry() = default;

template <class Metric, class... Args>
Metric& Registry::Get(std::string_view name, std::string_view help, const Labels& labels, Args&&... args) {
  std::lock_guard lock(mutex_);
  auto family = families_.find(name);
  if (family == families_.end()) {
    auto created = std::make_unique<Family>();
    created->help = help;
    family = families_.emplace(std::string(name), std::move(created)).first;
  }
  auto& metrics = family->second->metrics;
  auto metric = metrics.find(LabelText(labels));
  if (metric == metrics.end()) {
    AnyMetric created = std::make_unique<Metric>(std::forward<Args>(args)...);
    if (!metrics.empty() && metrics.begin()->second.index() != created.index()) {
      throw InternalError("metric " + std::string(name) + " is of another kind");
    }
    metric = metrics.emplace(LabelText(labels), std::move(created)).first;
  }
  auto* found = std::get_if<std::unique_ptr<Metric>>(&metric->second);
  if (found == nullptr) throw InternalError("metric " + std::string(name) + " is of another kind");
  return **found;
}

Counter& Registry::GetCounter(std::string_view name, std::string_view help, const Labels& labels) {
  return Get<Counter>(name, help, labels);
}

Gauge& Registry::GetGauge(std::string_view name, std::string_view help, const Labels& labels) {
  return Get<Gauge>(name, help, labels);
}

Histogram& Registry::GetHistogram(std::string_view name, std::string_view help, const Labels& labels,
                                  std::span<const double> bounds) {
  return Get<Histogram>(name, help, labels, bounds);
}

void Registry::OnCollect(std::function<void()> refresh) {
  std::lock_guard lock(mutex_);
  refreshers_.push_back(std::move(refresh));
}

std::string Registry::Render() {
  std::vector<std::function<void()>> refreshers;
  {
    std::lock_guard lock(mutex_);
    refreshers = refreshers_;
  }
  for (const auto& refresh : refreshers) refresh();
  std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ");
    AppendEscaped(out, family->help, false);
    out.append("\n# TYPE ").append(name).append(" ").append(kKinds[family->metrics.begin()->second.index()]);
    out += '\n';
    for (const auto& [labels, metric] : family->metrics) AppendMetric(out, name, labels, metric);
  }
  return out;
}

std::string MetricNamePart(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      if (!name.empty() && name.back() != '_') name += '_';
      name += static_cast<char>(c - 'A' + 'a');
    } else {
      const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      name += allowed ? c : '_';
    }
  }
  return name;
}

}  // namespace immich::metrics
