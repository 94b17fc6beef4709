#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace immich::media {

/// A frame reduced to what choosing needs: 8-bit RGB, the same small size for all frames of a video.
struct FrameDigest {
  std::vector<uint8_t> rgb;
};

/// Chooses the frame that stands for a video, in the way of the filter chain fps=12, thumbnail=12, select by scene.
///
/// Time is cut into seconds of 12 slots; a frame fills the slots from its time to that of the next one. Of each second
/// the frame nearest to the average colour histogram goes on. The first of these is chosen, then the first that differs
/// from the one before by more than a scene score of 0.1, or the first behind second 20; the last chosen one is the
/// result.
class StillPicker {
 public:
  using FrameId = int;

  /// The next frame in order of time (seconds from the start of the stream).
  void Add(FrameId id, double seconds, FrameDigest digest);

  /// No more frames will come.
  void Finish();

  /// True when the result cannot change any more.
  bool done() const { return done_; }
  /// The chosen frame; nullopt only when no frame was added.
  std::optional<FrameId> chosen() const { return chosen_; }
  /// True while `id` may still be chosen.
  bool Needs(FrameId id) const;

 private:
  static constexpr int kBins = 256;
  using Histogram = std::array<int, 3 * kBins>;

  struct Candidate {
    FrameId id = 0;
    int slots = 0;  ///< how many of the second's slots it fills
    Histogram histogram{};
    FrameDigest digest;
  };

  void FillSlotsUpTo(int64_t slot);
  void CloseSecond();
  double SceneScore(const FrameDigest& digest);

  std::vector<Candidate> second_;     ///< candidates of the current second
  std::optional<Candidate> current_;  ///< the frame that fills slots now
  int64_t next_slot_ = 0;
  int second_index_ = 0;
  std::optional<FrameDigest> previous_;  ///< of the second before
  double previous_difference_ = 0;
  std::optional<FrameId> chosen_;
  bool done_ = false;
};

}  // namespace immich::media
