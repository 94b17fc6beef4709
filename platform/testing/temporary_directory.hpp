#pragma once

#include <string>
#include <string_view>

namespace immich::testing {

/// A folder of its own for a test, removed with everything in it when the object goes. Root's tests get one that the
/// account `postgres` may enter.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace immich::testing
