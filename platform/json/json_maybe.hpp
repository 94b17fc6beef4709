#pragma once

#include <optional>
#include <utility>

namespace immich::json {

/// A member that may be absent, null or a value: what partial updates distinguish ("leave it", "clear it", "set it").
template <class T>
class Maybe {
 public:
  Maybe() = default;
  Maybe(std::nullopt_t) : present_(true) {}                     // NOLINT(google-explicit-constructor)
  Maybe(T value) : value_(std::move(value)), present_(true) {}  // NOLINT(google-explicit-constructor)
  static Maybe Null() { return Maybe(std::nullopt); }

  bool is_absent() const { return !present_; }
  bool is_present() const { return present_; }
  bool is_null() const { return present_ && !value_; }
  bool has_value() const { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  /// The value, or nullopt when null or absent.
  const std::optional<T>& nullable() const { return value_; }
  /// Makes it a value and returns that for filling.
  T& emplace() {
    present_ = true;
    return value_.emplace();
  }

  bool operator==(const Maybe&) const = default;

 private:
  std::optional<T> value_;
  bool present_ = false;
};

}  // namespace immich::json
