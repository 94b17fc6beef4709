#include "platform/pg/pg_params.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

#include "platform/error/error.hpp"

namespace immich::pg {
namespace {

void AppendPadded(std::string& out, std::uint64_t value, int width) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (auto missing = width - (end - digits); missing > 0; --missing) out.push_back('0');
  out.append(digits, end);
}

/// `2024-01-02 03:04:05.678901+00`; a `timestamp` or `date` parameter ignores the zone.
std::string TimeText(TimePoint time) {
  if (time == TimePoint::max()) return "infinity";
  if (time == TimePoint::min()) return "-infinity";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  // chrono counts years in an int16; microseconds reach year 294247, so whole 400-year cycles are taken off first.
  const auto cycles =
      std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<86400LL * 146097>>>(day.time_since_epoch());
  const std::chrono::year_month_day in_cycle(std::chrono::sys_days(day.time_since_epoch() - cycles));
  const std::int64_t year = static_cast<int>(in_cycle.year()) + 400 * cycles.count();
  std::string out;
  out.reserve(32);
  AppendPadded(out, static_cast<std::uint64_t>(year > 0 ? year : 1 - year), 4);
  out.push_back('-');
  AppendPadded(out, static_cast<unsigned>(in_cycle.month()), 2);
  out.push_back('-');
  AppendPadded(out, static_cast<unsigned>(in_cycle.day()), 2);
  out.push_back(' ');
  AppendPadded(out, static_cast<std::uint64_t>(clock.hours().count()), 2);
  out.push_back(':');
  AppendPadded(out, static_cast<std::uint64_t>(clock.minutes().count()), 2);
  out.push_back(':');
  AppendPadded(out, static_cast<std::uint64_t>(clock.seconds().count()), 2);
  out.push_back('.');
  AppendPadded(out, static_cast<std::uint64_t>(clock.subseconds().count()), 6);
  out += "+00";
  if (year <= 0) out += " BC";
  return out;
}

void AppendDouble(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "Infinity" : "-Infinity";
  } else {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

/// `{a,b}` with `append_item(out, item)` for each element.
template <class T, class AppendItem>
std::string ArrayText(std::span<const T> values, std::size_t item_bytes, AppendItem append_item) {
  std::string out;
  out.reserve(2 + values.size() * (item_bytes + 1));
  out.push_back('{');
  for (const T& value : values) {
    if (out.size() > 1) out.push_back(',');
    append_item(out, value);
  }
  out.push_back('}');
  return out;
}

}  // namespace

Params& Params::AddText(std::string text) {
  has_nul_ = has_nul_ || text.find('\0') != std::string::npos;
  values_.push_back({std::move(text)});
  return *this;
}

Params& Params::RefuseInteger() {
  throw InternalError("integer parameter exceeds int8");
}

Params& Params::Add(std::nullptr_t) {
  values_.push_back({{}, true, false});
  return *this;
}

Params& Params::Add(std::string_view text) {
  return AddText(std::string(text));
}

Params& Params::Add(bool value) {
  return AddText(value ? "t" : "f");
}

Params& Params::Add(std::int64_t value) {
  char digits[24];
  return AddText(std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr));
}

Params& Params::Add(double value) {
  std::string text;
  AppendDouble(text, value);
  return AddText(std::move(text));
}

Params& Params::Add(const Uuid& value) {
  std::string text(36, '\0');
  value.Write(text.data());
  values_.push_back({std::move(text)});
  return *this;
}

Params& Params::Add(TimePoint value) {
  return AddText(TimeText(value));
}

Params& Params::Add(Bytes value) {
  values_.push_back({std::string(reinterpret_cast<const char*>(value.data.data()), value.data.size()), false, true});
  return *this;
}

Params& Params::Add(std::span<const Uuid> values) {
  return AddText(ArrayText(values, 36, [](std::string& out, const Uuid& value) {
    const std::size_t at = out.size();
    out.resize(at + 36);
    value.Write(out.data() + at);
  }));
}

Params& Params::Add(std::span<const std::string> values) {
  return AddText(ArrayText(values, 16, [](std::string& out, const std::string& value) { AppendQuoted(out, value); }));
}

Params& Params::Add(std::span<const std::int64_t> values) {
  return AddText(ArrayText(values, 8, [](std::string& out, std::int64_t value) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }));
}

Params& Params::Add(std::span<const double> values) {
  return AddText(ArrayText(values, 12, AppendDouble));
}

}  // namespace immich::pg
