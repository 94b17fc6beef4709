#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "api/codec/contract_enum.hpp"
#include "api/codec/contract_writer.hpp"
#include "platform/json/json_maybe.hpp"
#include "platform/json/json_raw.hpp"
#include "server/sync/sync_writers.hpp"

namespace immich::sync {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// A column as the type of a contract member. Enumerations are of the database's own types, so every name is known.
template <class T>
void ReadColumn(const pg::Row& row, int column, T& value) {
  if constexpr (kIsOptional<T>) {
    value = row.Find<typename T::value_type>(column);
  } else if constexpr (std::is_enum_v<T>) {
    value = api::ParseEnum<T>(row.Get<std::string_view>(column)).value_or(T{});
  } else if constexpr (std::is_same_v<T, json::RawJson>) {
    value = json::RawJson{row.Get<std::string>(column)};
  } else {
    value = row.Get<T>(column);
  }
}

template <class E>
void ReadColumn(const pg::Row& row, int column, json::Maybe<E>& value) {
  const auto name = row.Find<std::string_view>(column);
  const auto known = name ? api::ParseEnum<E>(*name) : std::nullopt;
  value = known ? json::Maybe<E>(*known) : json::Maybe<E>::Null();
}

template <class T>
struct MemberOwner;
template <class Dto, class T>
struct MemberOwner<T Dto::*> {
  using type = Dto;
};

/// The kind of entity whose `columns` are, in this order, the members `kMember…` of one contract object.
template <auto kFirst, auto... kMember>
Shape ShapeOf(std::string_view columns) {
  return {columns, [](std::string& out, const pg::Row& row, UserId) {
            typename MemberOwner<decltype(kFirst)>::type entity;
            int column = 1;
            ReadColumn(row, column, entity.*kFirst);
            (ReadColumn(row, ++column, entity.*kMember), ...);
            api::Write(out, entity);
          }};
}

}  // namespace immich::sync
