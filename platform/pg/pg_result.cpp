#include "platform/pg/pg_result.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "platform/error/error.hpp"

namespace immich::pg {
namespace {

// Type OIDs of PostgreSQL's catalogue (pg_type.dat); they never change.
constexpr Oid kBool = 16, kChar = 18, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26,
              kJson = 114, kXml = 142, kFloat4 = 700, kFloat8 = 701, kUnknown = 705, kBpchar = 1042, kVarchar = 1043,
              kDate = 1082, kTimestamp = 1114, kTimestamptz = 1184, kNumeric = 1700, kUuid = 2950, kJsonb = 3802;
/// First OID of types that are not built in: enums and extensions.
constexpr Oid kFirstUserType = 16384;

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
constexpr std::int64_t kEpoch2000Us = 946'684'800'000'000;
constexpr std::int64_t kDayUs = 86'400'000'000;

struct Cell {
  Oid type;
  std::span<const std::uint8_t> bytes;
};

[[noreturn]] void ThrowMismatch(Oid type, std::string_view wanted) {
  throw InternalError(fmt::format("column of type {} read as {}", type, wanted));
}

template <class T>
T BigEndian(std::span<const std::uint8_t> bytes, std::size_t at = 0) {
  if (at + sizeof(T) > bytes.size()) throw InternalError("truncated value in a result");
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  if constexpr (sizeof(T) > 1) value = std::byteswap(value);
  return value;
}

bool IsTextLike(Oid type) {
  switch (type) {
    case kText:
    case kVarchar:
    case kBpchar:
    case kName:
    case kChar:
    case kUnknown:
    case kJson:
    case kJsonb:
    case kXml:
      return true;
    default:
      return type >= kFirstUserType;
  }
}

bool DecodeBool(const Cell& cell) {
  if (cell.type != kBool) ThrowMismatch(cell.type, "bool");
  return BigEndian<std::uint8_t>(cell.bytes) != 0;
}

std::int64_t DecodeInt64(const Cell& cell) {
  switch (cell.type) {
    case kInt2:
      return BigEndian<std::int16_t>(cell.bytes);
    case kInt4:
      return BigEndian<std::int32_t>(cell.bytes);
    case kInt8:
      return BigEndian<std::int64_t>(cell.bytes);
    case kOid:
      return BigEndian<std::uint32_t>(cell.bytes);
    default:
      ThrowMismatch(cell.type, "integer");
  }
}

int DecodeInt(const Cell& cell) {
  const std::int64_t value = DecodeInt64(cell);
  if (!std::in_range<int>(value)) throw InternalError(fmt::format("value {} read as int", value));
  return static_cast<int>(value);
}

/// numeric on the wire: count of base-10000 digits, weight of the first, sign, scale, digits. Goes through decimal text
/// so that the nearest double comes out.
double DecodeNumeric(std::span<const std::uint8_t> bytes) {
  const auto count = BigEndian<std::int16_t>(bytes, 0);
  const auto weight = BigEndian<std::int16_t>(bytes, 2);
  const auto sign = BigEndian<std::uint16_t>(bytes, 4);
  switch (sign) {
    case 0xC000:
      return std::numeric_limits<double>::quiet_NaN();
    case 0xD000:
      return std::numeric_limits<double>::infinity();
    case 0xF000:
      return -std::numeric_limits<double>::infinity();
    default:
      break;
  }
  std::string text = sign == 0x4000 ? "-" : "";
  for (int i = 0; i < count; ++i) text += fmt::format("{:04}", BigEndian<std::int16_t>(bytes, 8 + 2 * i));
  if (count == 0) text += '0';
  text += fmt::format("e{}", 4 * (weight - count + 1));
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double DecodeDouble(const Cell& cell) {
  switch (cell.type) {
    case kFloat4:
      return std::bit_cast<float>(BigEndian<std::uint32_t>(cell.bytes));
    case kFloat8:
      return std::bit_cast<double>(BigEndian<std::uint64_t>(cell.bytes));
    case kNumeric:
      return DecodeNumeric(cell.bytes);
    default:
      return static_cast<double>(DecodeInt64(cell));
  }
}

std::string_view DecodeText(const Cell& cell) {
  if (!IsTextLike(cell.type)) ThrowMismatch(cell.type, "text");
  const std::string_view text(reinterpret_cast<const char*>(cell.bytes.data()), cell.bytes.size());
  // jsonb starts with its format version, 1.
  return cell.type == kJsonb && !text.empty() ? text.substr(1) : text;
}

Uuid DecodeUuid(const Cell& cell) {
  if (cell.type != kUuid || cell.bytes.size() != 16) ThrowMismatch(cell.type, "uuid");
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), cell.bytes.data(), 16);
  return uuid;
}

TimePoint DecodeTime(const Cell& cell) {
  if (cell.type == kDate) {
    const auto days = BigEndian<std::int32_t>(cell.bytes);
    if (days == std::numeric_limits<std::int32_t>::max()) return TimePoint::max();
    if (days == std::numeric_limits<std::int32_t>::min()) return TimePoint::min();
    // date reaches year 5874897, microseconds 294247.
    constexpr std::int64_t kLimitDays = (std::numeric_limits<std::int64_t>::max() - kEpoch2000Us) / kDayUs;
    if (days > kLimitDays) return TimePoint::max();
    return TimePoint(std::chrono::microseconds(days * kDayUs + kEpoch2000Us));
  }
  if (cell.type != kTimestamptz && cell.type != kTimestamp) ThrowMismatch(cell.type, "time");
  const auto since_2000 = BigEndian<std::int64_t>(cell.bytes);
  if (since_2000 > std::numeric_limits<std::int64_t>::max() - kEpoch2000Us) return TimePoint::max();
  if (since_2000 == std::numeric_limits<std::int64_t>::min()) return TimePoint::min();
  return TimePoint(std::chrono::microseconds(since_2000 + kEpoch2000Us));
}

/// Array on the wire: dimensions, has-nulls flag, element type, then length and lower bound of each dimension and the
/// elements, each with its length (-1 for null).
template <class T, class Decode>
void DecodeArray(std::span<const std::uint8_t> bytes, std::vector<T>& out, Decode decode) {
  const auto dimensions = BigEndian<std::int32_t>(bytes, 0);
  const auto type = BigEndian<std::uint32_t>(bytes, 8);
  if (dimensions == 0) return;
  if (dimensions != 1) throw InternalError("array with more than one dimension");
  const auto count = BigEndian<std::int32_t>(bytes, 12);
  std::size_t at = 20;
  out.reserve(std::min<std::size_t>(static_cast<std::size_t>(count), bytes.size() / 4));
  for (std::int32_t i = 0; i < count; ++i) {
    const auto length = BigEndian<std::int32_t>(bytes, at);
    at += 4;
    if (length < 0) {
      if constexpr (std::is_constructible_v<T, std::nullopt_t>) {
        out.emplace_back(std::nullopt);
        continue;
      } else {
        throw InternalError("null in an array read without nulls");
      }
    }
    const auto size = static_cast<std::size_t>(length);
    if (size > bytes.size() - at) throw InternalError("truncated array in a result");
    out.emplace_back(decode(Cell{type, bytes.subspan(at, size)}));
    at += size;
  }
}

/// Array types are told from scalars by their OIDs; those of extensions cannot be.
bool IsArray(Oid type) {
  static constexpr Oid kArrays[] = {1000, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021,
                                    1022, 1028, 1115, 1182, 1185, 1231, 2951, 199,  3807};
  return type >= kFirstUserType || std::ranges::find(kArrays, type) != std::end(kArrays);
}

std::atomic<std::size_t> total_memory_bytes{0};

struct CountedClear {
  std::size_t bytes;
  void operator()(pg_result* result) const {
    total_memory_bytes.fetch_sub(bytes, std::memory_order_relaxed);
    PQclear(result);
  }
};

Cell CellAt(const pg_result* result, int row, int column) {
  if (column < 0 || column >= PQnfields(result)) throw InternalError(fmt::format("result has no column {}", column));
  const Oid type = PQftype(result, column);
  if (PQgetisnull(result, row, column) != 0) {
    throw InternalError(fmt::format("column {} ({}) is null", column, PQfname(result, column)));
  }
  return {type,
          {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result, row, column)),
           static_cast<std::size_t>(PQgetlength(result, row, column))}};
}

template <class T, class Decode>
std::vector<T> ReadArray(const Cell& cell, Decode decode) {
  if (!IsArray(cell.type)) ThrowMismatch(cell.type, "array");
  std::vector<T> out;
  DecodeArray(cell.bytes, out, decode);
  return out;
}

}  // namespace

bool Row::IsNull(int column) const {
  if (column < 0 || column >= PQnfields(result_)) throw InternalError(fmt::format("result has no column {}", column));
  return PQgetisnull(result_, row_, column) != 0;
}

int Row::Column(std::string_view name) const {
  // PQfnumber would fold the case of "createdAt".
  const int count = PQnfields(result_);
  for (int column = 0; column < count; ++column) {
    if (name == PQfname(result_, column)) return column;
  }
  throw InternalError(fmt::format("result has no column \"{}\"", name));
}

std::span<const std::uint8_t> Row::Raw(int column) const {
  return CellAt(result_, row_, column).bytes;
}

template <>
bool Row::Get<bool>(int column) const {
  return DecodeBool(CellAt(result_, row_, column));
}

template <>
int Row::Get<int>(int column) const {
  return DecodeInt(CellAt(result_, row_, column));
}

template <>
std::int64_t Row::Get<std::int64_t>(int column) const {
  return DecodeInt64(CellAt(result_, row_, column));
}

template <>
double Row::Get<double>(int column) const {
  return DecodeDouble(CellAt(result_, row_, column));
}

template <>
std::string_view Row::Get<std::string_view>(int column) const {
  return DecodeText(CellAt(result_, row_, column));
}

template <>
std::string Row::Get<std::string>(int column) const {
  return std::string(Get<std::string_view>(column));
}

template <>
Uuid Row::Get<Uuid>(int column) const {
  return DecodeUuid(CellAt(result_, row_, column));
}

template <>
TimePoint Row::Get<TimePoint>(int column) const {
  return DecodeTime(CellAt(result_, row_, column));
}

template <>
std::span<const std::uint8_t> Row::Get<std::span<const std::uint8_t>>(int column) const {
  return Raw(column);
}

template <>
std::vector<std::uint8_t> Row::Get<std::vector<std::uint8_t>>(int column) const {
  const auto bytes = Raw(column);
  return {bytes.begin(), bytes.end()};
}

template <>
std::vector<bool> Row::Get<std::vector<bool>>(int column) const {
  return ReadArray<bool>(CellAt(result_, row_, column), DecodeBool);
}

template <>
std::vector<int> Row::Get<std::vector<int>>(int column) const {
  return ReadArray<int>(CellAt(result_, row_, column), DecodeInt);
}

template <>
std::vector<std::string> Row::Get<std::vector<std::string>>(int column) const {
  return ReadArray<std::string>(CellAt(result_, row_, column), DecodeText);
}

template <>
std::vector<Uuid> Row::Get<std::vector<Uuid>>(int column) const {
  return ReadArray<Uuid>(CellAt(result_, row_, column), DecodeUuid);
}

template <>
std::vector<std::int64_t> Row::Get<std::vector<std::int64_t>>(int column) const {
  return ReadArray<std::int64_t>(CellAt(result_, row_, column), DecodeInt64);
}

template <>
std::vector<double> Row::Get<std::vector<double>>(int column) const {
  return ReadArray<double>(CellAt(result_, row_, column), DecodeDouble);
}

template <>
std::vector<TimePoint> Row::Get<std::vector<TimePoint>>(int column) const {
  return ReadArray<TimePoint>(CellAt(result_, row_, column), DecodeTime);
}

template <>
std::vector<std::optional<std::string>> Row::Get<std::vector<std::optional<std::string>>>(int column) const {
  return ReadArray<std::optional<std::string>>(CellAt(result_, row_, column),
                                               [](const Cell& cell) { return std::string(DecodeText(cell)); });
}

template <>
std::vector<std::optional<Uuid>> Row::Get<std::vector<std::optional<Uuid>>>(int column) const {
  return ReadArray<std::optional<Uuid>>(CellAt(result_, row_, column), DecodeUuid);
}

template <>
std::vector<std::optional<std::int64_t>> Row::Get<std::vector<std::optional<std::int64_t>>>(int column) const {
  return ReadArray<std::optional<std::int64_t>>(CellAt(result_, row_, column), DecodeInt64);
}

template <>
std::vector<std::optional<double>> Row::Get<std::vector<std::optional<double>>>(int column) const {
  return ReadArray<std::optional<double>>(CellAt(result_, row_, column), DecodeDouble);
}

template <>
std::vector<std::optional<TimePoint>> Row::Get<std::vector<std::optional<TimePoint>>>(int column) const {
  return ReadArray<std::optional<TimePoint>>(CellAt(result_, row_, column), DecodeTime);
}

Result::Result(pg_result* result) : result_(result, CountedClear{PQresultMemorySize(result)}) {
  total_memory_bytes.fetch_add(PQresultMemorySize(result), std::memory_order_relaxed);
}

std::size_t Result::size() const {
  return result_ ? static_cast<std::size_t>(PQntuples(result_.get())) : 0;
}

Row Result::operator[](std::size_t index) const {
  if (index >= size()) throw InternalError(fmt::format("result of {} rows has no row {}", size(), index));
  return Row(result_.get(), static_cast<int>(index));
}

std::int64_t Result::affected_rows() const {
  if (!result_) return 0;
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string_view Result::command_tag() const {
  return result_ ? std::string_view(PQcmdStatus(result_.get())) : std::string_view();
}

std::size_t Result::memory_bytes() const {
  return result_ ? PQresultMemorySize(result_.get()) : 0;
}

std::size_t Result::TotalMemoryBytes() {
  return total_memory_bytes.load(std::memory_order_relaxed);
}

}  // namespace immich::pg
