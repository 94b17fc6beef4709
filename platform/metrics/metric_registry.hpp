#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace immich::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Upper bounds of histograms of milliseconds; the original's.
inline constexpr double kMillisecondBounds[] = {0.1, 0.25, 0.5, 0.75, 1,   2.5,  5,    7.5,  10,   25,   50,
                                                75,  100,  250, 500,  750, 1000, 2500, 5000, 7500, 10000};

/// Only grows. Safe from any thread, as all metrics.
class Counter {
 public:
  void Increment(double by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  /// For totals somebody else counts (the kernel).
  void AdvanceTo(double total) { value_.store(total, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// Goes up and down.
class Gauge {
 public:
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  void Add(double by) { value_.fetch_add(by, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// Counts observations in buckets.
class Histogram {
 public:
  explicit Histogram(std::span<const double> bounds);
  void Observe(double value);

  std::span<const double> bounds() const { return bounds_; }
  /// Observations in bucket `index` alone; the last bucket has no upper bound.
  std::uint64_t bucket(std::size_t index) const { return buckets_[index].load(std::memory_order_relaxed); }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_ = 0;
};

/// All metrics of the process. The getters create what is not there yet; references stay valid as long as the registry,
/// so hot paths look up once. A name used with two kinds throws InternalError.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& GetCounter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& GetGauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& GetHistogram(std::string_view name, std::string_view help, const Labels& labels = {},
                          std::span<const double> bounds = kMillisecondBounds);

  /// Called before every Render; reads what is only known on demand.
  void OnCollect(std::function<void()> refresh);
  /// Prometheus text format 0.0.4 (`text/plain; version=0.0.4`), families in order of their names.
  std::string Render();

 private:
  struct Family;
  template <class Metric, class... Args>
  Metric& Get(std::string_view name, std::string_view help, const Labels& labels, Args&&... args);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
  std::vector<std::function<void()>> refreshers_;
};

/// `metadataExtraction` → `metadata_extraction`; whatever a metric's name cannot hold becomes `_`.
std::string MetricNamePart(std::string_view text);

}  // namespace immich::metrics
