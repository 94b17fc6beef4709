#pragma once

#include <chrono>

namespace immich::ml {

/// Time the calling thread spent decoding pictures, so that the service can tell it from the rest of preparing.
class DecodeClock {
 public:
  using Duration = std::chrono::steady_clock::duration;

  /// Adds the time from its construction to its destruction.
  class Span {
   public:
    Span() : start_(std::chrono::steady_clock::now()) {}
    ~Span() { Total() += std::chrono::steady_clock::now() - start_; }
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;

   private:
    std::chrono::steady_clock::time_point start_;
  };

  /// The sum of this thread since the last Take.
  static Duration Take() {
    const Duration sum = Total();
    Total() = {};
    return sum;
  }

 private:
  static Duration& Total() {
    thread_local Duration total{};
    return total;
  }
};

}  // namespace immich::ml
