#include "media/metadata/exiftool/exiftool_pool.hpp"

#include <algorithm>
#include <utility>

#include "media/metadata/exiftool/exiftool_process.hpp"

namespace immich::media {
namespace {

constexpr std::chrono::seconds kIdleLimit{30};

}  // namespace

ExifToolPool::~ExifToolPool() {
  reaper_.request_stop();
  changed_.notify_all();
}

ExifToolPool& ExifToolPool::Shared() {
  static ExifToolPool pool;
  return pool;
}

std::expected<std::string, Failure> ExifToolPool::Run(const std::vector<std::string>& arguments,
                                                      std::chrono::milliseconds limit) {
  std::unique_ptr<ExifToolProcess> process = TakeIdle();
  const bool reused = process != nullptr;
  for (int attempt = 0;; ++attempt) {
    if (process == nullptr) {
      auto started = ExifToolProcess::Start();
      if (!started) return std::unexpected(started.error());
      process = std::move(*started);
    }
    auto output = process->Run(arguments, limit);
    if (output) {
      PutBack(std::move(process));
      return output;
    }
    // A process that died while idle is no reason to fail: one fresh try.
    process.reset();
    if (!reused || attempt > 0 || output.error().kind != FailureKind::kInternal) return output;
  }
}

std::unique_ptr<ExifToolProcess> ExifToolPool::TakeIdle() {
  const std::scoped_lock lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto process = std::move(idle_.back().process);
  idle_.pop_back();
  return process;
}

void ExifToolPool::PutBack(std::unique_ptr<ExifToolProcess> process) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back({std::move(process), std::chrono::steady_clock::now()});
  if (!reaper_.joinable()) {
    reaper_ = std::jthread([this](const std::stop_token& stop) { ReapLoop(stop); });
  }
  changed_.notify_all();
}

void ExifToolPool::ReapLoop(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (idle_.empty()) {
      changed_.wait(lock, stop, [this] { return !idle_.empty(); });
      continue;
    }
    const auto oldest = std::ranges::min_element(idle_, {}, &Idle::since)->since;
    changed_.wait_until(lock, stop, oldest + kIdleLimit, [] { return false; });
    const auto limit = std::chrono::steady_clock::now() - kIdleLimit;
    std::erase_if(idle_, [&](const Idle& idle) { return idle.since <= limit; });
  }
}

void ExifToolPool::StopIdle() {
  const std::scoped_lock lock(mutex_);
  idle_.clear();
}

size_t ExifToolPool::idle_count() {
  const std::scoped_lock lock(mutex_);
  return idle_.size();
}

}  // namespace immich::media
