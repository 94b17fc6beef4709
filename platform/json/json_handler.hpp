#pragma once

#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace immich::json {

/// Builds values from the events of boost::json::basic_parser. Boost's own handler takes the parser's doubles, which
/// are off by a bit for many texts with 16 and more digits (Boost 1.81); this one converts the digits exactly, so that
/// what a client sends comes back the same.
class ValueHandler {
 public:
  using Error = boost::json::error_code;
  using Text = boost::json::string_view;
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  explicit ValueHandler(boost::json::storage_ptr storage) { stack_.reset(std::move(storage)); }
  boost::json::value Release() { return stack_.release(); }

  // The names are those basic_parser calls.
  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_object_end(std::size_t count, Error&) { return stack_.push_object(count), true; }
  bool on_array_end(std::size_t count, Error&) { return stack_.push_array(count), true; }
  bool on_key_part(Text text, std::size_t, Error&) { return stack_.push_chars(text), true; }
  bool on_key(Text text, std::size_t, Error&) { return stack_.push_key(text), true; }
  bool on_string_part(Text text, std::size_t, Error&) { return stack_.push_chars(text), true; }
  bool on_string(Text text, std::size_t, Error&) { return stack_.push_string(text), true; }
  bool on_number_part(Text text, Error&) { return digits_.append(text.data(), text.size()), true; }
  bool on_int64(std::int64_t value, Text, Error&) { return digits_.clear(), stack_.push_int64(value), true; }
  bool on_uint64(std::uint64_t value, Text, Error&) { return digits_.clear(), stack_.push_uint64(value), true; }
  bool on_double(double value, Text text, Error&) { return stack_.push_double(Exact(value, text)), true; }
  bool on_bool(bool value, Error&) { return stack_.push_bool(value), true; }
  bool on_null(Error&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  double Exact(double approximate, Text text) {
    digits_.append(text.data(), text.size());
    double value = 0;
    const auto result = std::from_chars(digits_.data(), digits_.data() + digits_.size(), value);
    digits_.clear();
    return result.ec == std::errc{} ? value : approximate;
  }

  boost::json::value_stack stack_;
  /// What has been seen of a number.
  std::string digits_;
};

}  // namespace immich::json
