#include "server/core/media_workers.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/media_child.hpp"

namespace immich {

std::string FindMediaWorker() {
  constexpr int kParents = 4;
  std::error_code error;
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (int i = 0; i < kParents && !folder.empty(); ++i) {
    for (const char* candidate : {"lib/immich/immich-media-worker", "immich-media-worker"}) {
      const std::string path = (folder / candidate).string();
      if (access(path.c_str(), X_OK) == 0) return path;
    }
    folder = folder.parent_path();
  }
  throw InternalError("immich-media-worker is not installed: expected below lib/immich");
}

struct MediaWorkers::State : std::enable_shared_from_this<State> {
  State(boost::asio::any_io_executor owner, MediaWorkerOptions wanted)
      : executor(std::move(owner)), options(std::move(wanted)), slots(Slots(options)) {}

  static std::size_t Slots(const MediaWorkerOptions& options) {
    return options.max_children != 0 ? options.max_children : std::max(1U, std::thread::hardware_concurrency());
  }

  /// The child that was used last, or a new one.
  std::unique_ptr<MediaChild> Take() {
    while (!idle.empty()) {
      auto child = std::move(idle.back());
      idle.pop_back();
      if (child->is_usable()) return child;
    }
    if (options.program.empty()) options.program = FindMediaWorker();
    return std::make_unique<MediaChild>(executor, options);
  }

  void PutBack(std::unique_ptr<MediaChild> child) {
    if (stopping || !child->is_usable()) return;
    child->idle_since = std::chrono::steady_clock::now();
    idle.push_back(std::move(child));
    if (reaping) return;
    reaping = true;
    Spawn(executor, "decoder children", Reap(weak_from_this(), executor, options.idle_timeout));
  }

  /// Ends children that have been idle for too long; itself ends with the last of them.
  static Task<void> Reap(std::weak_ptr<State> weak, boost::asio::any_io_executor, std::chrono::milliseconds timeout) {
    std::chrono::milliseconds pause = timeout;
    for (;;) {
      co_await SleepFor(pause);
      const std::shared_ptr<State> state = weak.lock();
      if (!state) co_return;
      const auto expired = std::chrono::steady_clock::now() - timeout;
      std::erase_if(state->idle, [&](const auto& child) { return child->idle_since <= expired; });
      if (state->idle.empty()) {
        state->reaping = false;
        co_return;
      }
      const auto next = state->idle.front()->idle_since - expired;
      pause = std::chrono::duration_cast<std::chrono::milliseconds>(next) + std::chrono::milliseconds(1);
    }
  }

  boost::asio::any_io_executor executor;
  MediaWorkerOptions options;
  Semaphore slots;
  /// Used last at the back: those at the front expire first.
  std::vector<std::unique_ptr<MediaChild>> idle;
  std::size_t busy = 0;
  bool reaping = false;
  bool stopping = false;
};

MediaWorkers::MediaWorkers(boost::asio::any_io_executor executor, MediaWorkerOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

MediaWorkers::~MediaWorkers() {
  state_->stopping = true;
  state_->idle.clear();
}

Task<void> MediaWorkers::Stop() {
  state_->stopping = true;
  state_->idle.clear();
  co_return;
}

std::size_t MediaWorkers::children() const {
  return state_->idle.size() + state_->busy;
}

std::chrono::milliseconds MediaWorkers::TimeLimit(std::string_view order_name) const {
  return order_name == media::MetadataOrder::kName || order_name == media::SidecarOrder::kName
             ? state_->options.metadata_time_limit
             : state_->options.time_limit;
}

Task<std::expected<std::string, media::Failure>> MediaWorkers::Exchange(std::string message,
                                                                        std::chrono::milliseconds time_limit) {
  const std::shared_ptr<State> state = state_;
  const Semaphore::Permit permit = co_await state->slots.AcquirePermit();
  std::unique_ptr<MediaChild> child = state->Take();
  struct Busy {
    std::size_t& count;
    explicit Busy(std::size_t& counter) : count(counter) { ++count; }
    ~Busy() { --count; }
  };
  std::expected<std::string, media::Failure> reply;
  {
    const Busy busy(state->busy);
    reply = co_await child->Exchange(std::move(message), time_limit);
  }
  if (!reply) log::Warn("Media", "{}", reply.error().message);
  state->PutBack(std::move(child));
  co_return reply;
}

}  // namespace immich
