#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/time/time_point.hpp"
#include "platform/uuid/uuid.hpp"

struct pg_result;

namespace immich::pg {

/// A row of a Result; valid as long as the Result. Results are in binary format: getters check the column's type
/// against the wanted C++ type and throw InternalError on a mismatch (a defect, never data).
///
/// | C++                     | PostgreSQL                                    |
/// |-------------------------|-----------------------------------------------|
/// | bool                    | bool                                          |
/// | int, std::int64_t       | int2, int4, int8                              |
/// | double                  | float4, float8, int4, int8, numeric           |
/// | std::string(_view)      | text, varchar, name, bpchar, enums, json, jsonb |
/// | Uuid, Id<Tag>           | uuid                                          |
/// | TimePoint               | timestamptz, timestamp, date                  |
/// | std::span<const u8>     | bytea (and any type: raw bytes)               |
/// | std::vector<T>          | one-dimensional arrays of the above, no nulls |
/// | std::vector<optional<T>> | the same with nulls, T one of std::string, std::int64_t, double, Uuid, TimePoint |
///
/// `infinity` is TimePoint::max(), `-infinity` TimePoint::min(). Enums and text-like types of extensions read as text.
class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}

  bool IsNull(int column) const;
  bool IsNull(std::string_view name) const { return IsNull(Column(name)); }

  template <class T>
  T Get(int column) const;
  template <class T>
  T Get(std::string_view name) const {
    return Get<T>(Column(name));
  }
  template <class T>
  std::optional<T> Find(int column) const {
    return IsNull(column) ? std::nullopt : std::optional<T>(Get<T>(column));
  }
  template <class T>
  std::optional<T> Find(std::string_view name) const {
    return Find<T>(Column(name));
  }
  /// Index of a column by its name; throws InternalError when there is none. Hot loops use indexes.
  int Column(std::string_view name) const;

 private:
  std::span<const std::uint8_t> Raw(int column) const;

  const pg_result* result_;
  int row_;
};

/// The rows of one statement.
class Result {
 public:
  Result() = default;
  explicit Result(pg_result* result);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  Row operator[](std::size_t index) const;
  /// Rows inserted, updated or deleted.
  std::int64_t affected_rows() const;
  /// What the server did: `SELECT 3`, `INSERT 0 1`, `COMMIT`.
  std::string_view command_tag() const;
  /// Bytes held by this result.
  std::size_t memory_bytes() const;
  /// Bytes held by all results alive in the process; for metrics.
  static std::size_t TotalMemoryBytes();

  class Iterator {
   public:
    Iterator(const pg_result* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return Row(result_, row_); }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const pg_result* result_;
    int row_;
  };
  Iterator begin() const { return {result_.get(), 0}; }
  Iterator end() const { return {result_.get(), static_cast<int>(size())}; }

 private:
  std::shared_ptr<pg_result> result_;
};

template <>
bool Row::Get<bool>(int column) const;
template <>
int Row::Get<int>(int column) const;
template <>
std::int64_t Row::Get<std::int64_t>(int column) const;
template <>
double Row::Get<double>(int column) const;
template <>
std::string_view Row::Get<std::string_view>(int column) const;
template <>
std::string Row::Get<std::string>(int column) const;
template <>
Uuid Row::Get<Uuid>(int column) const;
template <>
TimePoint Row::Get<TimePoint>(int column) const;
template <>
std::span<const std::uint8_t> Row::Get<std::span<const std::uint8_t>>(int column) const;
template <>
std::vector<std::uint8_t> Row::Get<std::vector<std::uint8_t>>(int column) const;
template <>
std::vector<bool> Row::Get<std::vector<bool>>(int column) const;
template <>
std::vector<int> Row::Get<std::vector<int>>(int column) const;
template <>
std::vector<std::string> Row::Get<std::vector<std::string>>(int column) const;
template <>
std::vector<Uuid> Row::Get<std::vector<Uuid>>(int column) const;
template <>
std::vector<std::int64_t> Row::Get<std::vector<std::int64_t>>(int column) const;
template <>
std::vector<double> Row::Get<std::vector<double>>(int column) const;
template <>
std::vector<TimePoint> Row::Get<std::vector<TimePoint>>(int column) const;
template <>
std::vector<std::optional<std::string>> Row::Get<std::vector<std::optional<std::string>>>(int column) const;
template <>
std::vector<std::optional<Uuid>> Row::Get<std::vector<std::optional<Uuid>>>(int column) const;
template <>
std::vector<std::optional<std::int64_t>> Row::Get<std::vector<std::optional<std::int64_t>>>(int column) const;
template <>
std::vector<std::optional<double>> Row::Get<std::vector<std::optional<double>>>(int column) const;
template <>
std::vector<std::optional<TimePoint>> Row::Get<std::vector<std::optional<TimePoint>>>(int column) const;

namespace detail {
template <class T>
struct IdTraits;
template <class Tag>
struct IdTraits<Id<Tag>> {
  static Id<Tag> Read(const Row& row, int column) { return Id<Tag>(row.Get<Uuid>(column)); }
};
template <class Tag>
struct IdTraits<std::vector<Id<Tag>>> {
  static std::vector<Id<Tag>> Read(const Row& row, int column) {
    const auto uuids = row.Get<std::vector<Uuid>>(column);
    return std::vector<Id<Tag>>(uuids.begin(), uuids.end());
  }
};
}  // namespace detail

template <class T>
T Row::Get(int column) const {
  return detail::IdTraits<T>::Read(*this, column);
}

}  // namespace immich::pg
