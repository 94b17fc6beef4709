#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "media/worker/media_protocol.hpp"
#include "platform/async/task.hpp"

namespace immich {

struct MediaWorkerOptions {
  /// Empty: FindMediaWorker(), when the first order comes.
  std::string program;
  /// One order per child at a time; 0 = as many as there are processors.
  std::size_t max_children = 0;
  /// Memory a child may have of its own (RLIMIT_DATA).
  std::uint64_t memory_limit_bytes = 1024ULL * 1024 * 1024;
  /// Children without work end after it, which gives their memory back.
  std::chrono::milliseconds idle_timeout{10'000};
  /// Of one order; what waits for a free child does not count.
  std::chrono::milliseconds time_limit{10 * 60'000};
  std::chrono::milliseconds metadata_time_limit{2 * 60'000};
  std::chrono::seconds cpu_limit{10 * 60};
  int nice = 10;
};

/// Path of the decoder program: `lib/immich/immich-media-worker` below the folder of the running program or one of its
/// next parents. Throws InternalError when there is none.
std::string FindMediaWorker();

/// Runs decoders outside this process: children that start with the first order, take one at a time, and end when there
/// is nothing to do. A picture that crashes a decoder, eats memory or never ends costs its own job, nothing else.
class MediaWorkers {
 public:
  MediaWorkers(boost::asio::any_io_executor executor, MediaWorkerOptions options);
  ~MediaWorkers();
  MediaWorkers(const MediaWorkers&) = delete;
  MediaWorkers& operator=(const MediaWorkers&) = delete;

  /// Waits for a free child and has it carry the order out. Failures besides the media library's own:
  /// `decoder crashed (signal 11)`, `decoder exceeded its time limit`, `decoder exceeded its memory limit`.
  /// Cancelling kills the child. Files of an order that failed may be there in part.
  template <class Order>
  Task<std::expected<typename Order::Report, media::Failure>> Run(Order order) {
    std::string message = media::EncodeOrder(order);
    std::expected<std::string, media::Failure> reply = co_await Exchange(std::move(message), TimeLimit(Order::kName));
    if (!reply) co_return std::unexpected(std::move(reply.error()));
    co_return media::DecodeReply<typename Order::Report>(*reply);
  }

  /// Ends the children that have nothing to do; the rest end with their orders.
  Task<void> Stop();
  /// Children that run now, busy or not.
  std::size_t children() const;

 private:
  Task<std::expected<std::string, media::Failure>> Exchange(std::string message, std::chrono::milliseconds time_limit);
  std::chrono::milliseconds TimeLimit(std::string_view order_name) const;

  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich
