#include "media/video/still_picker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace immich::media {
namespace {

constexpr int kSlotsPerSecond = 12;
constexpr double kSceneThreshold = 0.1;
constexpr int kLastWaitingSecond = 20;

}  // namespace

void StillPicker::Add(FrameId id, double seconds, FrameDigest digest) {
  if (done_) return;
  if (!chosen_) chosen_ = id;  // better any frame than none
  const auto slot = static_cast<int64_t>(std::floor(std::max(0.0, seconds) * kSlotsPerSecond));
  // The first frame also fills the time before it.
  if (current_) FillSlotsUpTo(slot);
  if (done_) return;
  Candidate candidate{.id = id, .slots = 0, .histogram = {}, .digest = std::move(digest)};
  for (size_t i = 0; i < candidate.digest.rgb.size(); ++i) {
    ++candidate.histogram[(i % 3) * kBins + candidate.digest.rgb[i]];
  }
  current_ = std::move(candidate);
}

void StillPicker::FillSlotsUpTo(int64_t slot) {
  while (next_slot_ < slot && !done_) {
    const int64_t second_end = (next_slot_ / kSlotsPerSecond + 1) * kSlotsPerSecond;
    const int64_t end = std::min(slot, second_end);
    if (current_->slots == 0) second_.push_back(*current_);
    second_.back().slots += static_cast<int>(end - next_slot_);
    current_->slots = second_.back().slots;
    next_slot_ = end;
    if (next_slot_ == second_end) {
      CloseSecond();
      current_->slots = 0;
    }
  }
}

void StillPicker::CloseSecond() {
  std::array<double, 3 * kBins> average{};
  int slots = 0;
  for (const Candidate& candidate : second_) {
    slots += candidate.slots;
    for (size_t i = 0; i < average.size(); ++i)
      average[i] += static_cast<double>(candidate.histogram[i]) * candidate.slots;
  }
  const Candidate* best = nullptr;
  double best_error = std::numeric_limits<double>::max();
  for (const Candidate& candidate : second_) {
    double error = 0;
    for (size_t i = 0; i < average.size(); ++i) {
      const double difference = average[i] / slots - candidate.histogram[i];
      error += difference * difference;
    }
    if (error < best_error) {
      best_error = error;
      best = &candidate;
    }
  }
  if (best == nullptr) return;
  const double score = SceneScore(best->digest);
  if (second_index_ == 0) {
    chosen_ = best->id;
  } else if (score > kSceneThreshold || second_index_ > kLastWaitingSecond) {
    chosen_ = best->id;
    done_ = true;
  }
  ++second_index_;
  previous_ = best->digest;
  second_.clear();
}

double StillPicker::SceneScore(const FrameDigest& digest) {
  if (!previous_ || digest.rgb.empty() || previous_->rgb.size() != digest.rgb.size()) return 0;
  int64_t sum = 0;
  for (size_t i = 0; i < digest.rgb.size(); ++i) sum += std::abs(digest.rgb[i] - previous_->rgb[i]);
  const double difference = static_cast<double>(sum) / static_cast<double>(digest.rgb.size());
  const double change = std::abs(difference - previous_difference_);
  previous_difference_ = difference;
  return std::min(difference, change) / 100;
}

void StillPicker::Finish() {
  if (done_) return;
  if (current_) {
    // The last frame fills at least one slot; an unfinished second counts with what it has.
    FillSlotsUpTo(next_slot_ + 1);
    if (!done_) CloseSecond();
  }
  done_ = true;
}

bool StillPicker::Needs(FrameId id) const {
  if (chosen_ == id) return true;
  if (done_) return false;
  const auto is_it = [id](const Candidate& candidate) { return candidate.id == id; };
  return (current_ && current_->id == id) || std::ranges::any_of(second_, is_it);
}

}  // namespace immich::media
