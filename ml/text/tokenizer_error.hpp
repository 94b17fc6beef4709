#pragma once

#include <stdexcept>

namespace immich::ml {

/// A tokenizer description that cannot be used: broken JSON, an unknown step, ids outside the vocabulary.
class TokenizerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace immich::ml
