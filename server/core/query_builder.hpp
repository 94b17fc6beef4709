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

  /// And() for a condition on tables other than asset, asset_exif and stack.
  QueryBuilder& AndElsewhere(std::string_view condition) {
    NoteElsewhere();
    return And(condition);
  }
  void NoteElsewhere() { reads_elsewhere_ = true; }
  /// True when the answer depends on more than what LibraryCache watches.
  bool reads_elsewhere() const { return reads_elsewhere_; }

  /// Statement and values as one text, to keep answers by.
  std::string Key() const {
    std::string key = text_;
    for (const pg::Params::Value& value : params_.values()) {
      key += value.is_null ? std::string("\nnull") : fmt::format("\n{}:{}", value.data.size(), value.data);
    }
    return key;
  }

  std::string TakeText() { return std::move(text_); }
  pg::Params TakeParams() { return std::move(params_); }

 private:
  std::string text_;
  pg::Params params_;
  bool reads_elsewhere_ = false;
};

}  // namespace immich
