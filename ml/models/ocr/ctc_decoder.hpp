#pragma once

#include <span>
#include <string>
#include <vector>

namespace immich::ml {

struct ReadText {
  std::string text;
  /// Mean probability of the characters, 0 without any.
  float score = 0;
};

/// Greedy decoding of connectionist temporal classification: the best class of every step, repetitions once, blanks
/// (class 0) left out. `probabilities` holds steps × classes numbers; class i is characters[i - 1].
ReadText DecodeCtc(std::span<const float> probabilities, std::size_t classes, std::span<const std::string> characters);

}  // namespace immich::ml
