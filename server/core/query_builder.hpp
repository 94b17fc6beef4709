#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "platform/pg/pg_params.hpp"

namespace immich {

/// Puts together a statement from fixed fragments and bound values; values never become text of the statement.
class QueryBuilder {
 public:
  /// Appends a fragment that is part of this program, never input.
  QueryBuilder& Sql(std::string_view fragment) {
    text_ += fragment;
    return *this;
  }
  /// Binds a value and returns its placeholder, `$3`.
  template <class T>
  std::string Bind(const T& value) {
    params_.Add(value);
    return fmt::format("${}", params_.size());
  }
  /// Appends `AND <condition>`; every query starts its conditions with `WHERE true`.
  QueryBuilder& And(std::string_view condition) {
    text_ += "\n  AND ";
    text_ += condition;
    return *this;
  }

  std::string TakeText() { return std::move(text_); }
  pg::Params TakeParams() { return std::move(params_); }

 private:
  std::string text_;
  pg::Params params_;
};

}  // namespace immich
