#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/time/time_point.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::pg {

/// Raw bytes for a bytea parameter.
struct Bytes {
  std::span<const std::uint8_t> data;
};
/// Text that is already JSON, for json/jsonb parameters.
struct Json {
  std::string_view text;
};

/// The values of $1, $2 …: text format (PostgreSQL infers the type), bytea in binary. Owns its memory.
class Params {
 public:
  Params() = default;
  template <class... Ts>
    requires(sizeof...(Ts) > 0)
  explicit Params(const Ts&... values) {
    (Add(values), ...);
  }

  Params& Add(std::nullptr_t);
  Params& Add(std::nullopt_t) { return Add(nullptr); }
  Params& Add(std::string_view text);
  Params& Add(const std::string& text) { return Add(std::string_view(text)); }
  Params& Add(const char* text) { return Add(std::string_view(text)); }
  Params& Add(bool value);
  Params& Add(int value) { return Add(static_cast<std::int64_t>(value)); }
  Params& Add(std::int64_t value);
  /// Every other integer type; values beyond int8's range throw InternalError.
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, int> && !std::same_as<T, std::int64_t>)
  Params& Add(T value) {
    return std::in_range<std::int64_t>(value) ? Add(static_cast<std::int64_t>(value)) : RefuseInteger();
  }
  Params& Add(double value);
  Params& Add(const Uuid& value);
  Params& Add(TimePoint value);
  Params& Add(Bytes value);
  Params& Add(Json value) { return Add(value.text); }
  /// Arrays become array literals: uuid[], text[], int8[], float4[] (also what a `vector` parameter accepts is `[..]`
  /// text: format it yourself).
  Params& Add(std::span<const Uuid> values);
  Params& Add(const std::vector<Uuid>& values) { return Add(std::span<const Uuid>(values)); }
  Params& Add(std::span<const std::string> values);
  Params& Add(const std::vector<std::string>& values) { return Add(std::span<const std::string>(values)); }
  Params& Add(std::span<const std::int64_t> values);
  Params& Add(const std::vector<std::int64_t>& values) { return Add(std::span<const std::int64_t>(values)); }
  Params& Add(std::span<const double> values);
  Params& Add(const std::vector<double>& values) { return Add(std::span<const double>(values)); }
  template <class Tag>
  Params& Add(const Id<Tag>& id) {
    return Add(id.value);
  }
  template <class Tag>
  Params& Add(const std::vector<Id<Tag>>& ids) {
    static_assert(sizeof(Id<Tag>) == sizeof(Uuid));
    return Add(std::span<const Uuid>(reinterpret_cast<const Uuid*>(ids.data()), ids.size()));
  }
  template <class T>
  Params& Add(const std::optional<T>& value) {
    return value ? Add(*value) : Add(nullptr);
  }

  std::size_t size() const { return values_.size(); }

  struct Value {
    std::string data;
    bool is_null = false;
    bool is_binary = false;
  };
  std::span<const Value> values() const { return values_; }
  /// True when a text holds U+0000, which PostgreSQL cannot store: running such parameters throws QueryError 22021.
  bool has_nul() const { return has_nul_; }

 private:
  Params& AddText(std::string text);
  [[noreturn]] static Params& RefuseInteger();

  std::vector<Value> values_;
  bool has_nul_ = false;
};

}  // namespace immich::pg
