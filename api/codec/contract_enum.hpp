#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace immich::api {

/// Wire texts of an enum, by enumerator. Numeric ones are numbers in JSON.
struct EnumTable {
  std::span<const std::string_view> names;
  bool numeric = false;
};

template <class E>
concept ContractEnum = std::is_enum_v<E> && requires(E value) { TableOf(value); };

template <ContractEnum E>
std::string_view ToString(E value) {
  return TableOf(value).names[static_cast<std::size_t>(value)];
}

/// The enumerator with exactly this wire text.
template <ContractEnum E>
std::optional<E> ParseEnum(std::string_view text) {
  const auto names = TableOf(E{}).names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

/// A list of types, for what is to be done with each.
template <class... Es>
struct EnumList {};

template <ContractEnum E>
std::size_t EnumSize() {
  return TableOf(E{}).names.size();
}

}  // namespace immich::api
