#include "ml/models/ocr/ctc_decoder.hpp"

#include <algorithm>

namespace immich::ml {

ReadText DecodeCtc(std::span<const float> probabilities, std::size_t classes, std::span<const std::string> characters) {
  ReadText read;
  double sum = 0;
  int count = 0;
  std::size_t previous = 0;
  for (std::size_t at = 0; at + classes <= probabilities.size(); at += classes) {
    const auto step = probabilities.subspan(at, classes);
    const auto best = std::max_element(step.begin(), step.end());
    const auto found = static_cast<std::size_t>(best - step.begin());
    if (found != 0 && found != previous && found <= characters.size()) {
      read.text += characters[found - 1];
      sum += *best;
      ++count;
    }
    previous = found;
  }
  if (count > 0) read.score = static_cast<float>(sum / count);
  return read;
}

}  // namespace immich::ml
