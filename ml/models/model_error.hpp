#pragma once

#include <stdexcept>

namespace immich::ml {

/// The model file or its configuration cannot be used. The cache drops the files and downloads them once more.
class ModelLoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The machine lacks what loading needs (memory, runtime library, network): other files would not help.
class ModelResourceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace immich::ml
