#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "api/codec/contract_enum.hpp"
#include "api/codec/contract_types.hpp"
#include "api/scalars.hpp"

namespace boost::json {
class object;  // NOLINT(readability-identifier-naming)
}

// Reads generated structs from JSON documents and request texts. Every deviation from the contract becomes an issue in
// the form zod 4 gives it, and reading goes on, so that one answer names them all.
namespace immich::api {

/// Constraints of a member beyond its C++ type.
struct Rule {
  Scalar scalar = Scalar::kString;
  /// Of array elements.
  const Rule* item = nullptr;
  /// Of numbers the value, of texts the length in UTF-16 units, of arrays the number of elements.
  double low = -std::numeric_limits<double>::infinity();
  bool low_exclusive = false;
  double high = std::numeric_limits<double>::infinity();
};
inline constexpr Rule kAny{};
/// Larger arrays grow as they are read, so that a small body of empty elements does not claim much memory.
inline constexpr std::size_t kMaxReserve = 4096;

/// kJson: types must be exact. kText: leaves are texts of a query, path or header and are converted; a repeated name
/// makes an array. kForm: kText, but arrays and objects are JSON texts.
enum class ReadMode : std::uint8_t { kJson, kText, kForm };

class Reader {
 public:
  explicit Reader(ReadMode mode);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  bool has_issues() const;
  /// So many issues that further ones are dropped: reading arrays stops.
  bool is_full() const;
  /// Throws ValidationError when there are issues.
  void Finish() const;

 private:
  friend struct ReaderAccess;
  friend class ObjectScope;
  friend class MemberScope;
  friend class ArrayScope;
  friend class UnionScope;
  struct State;
  std::unique_ptr<State> state_;
};

bool IsNull(Node node);

void ReadValue(Reader& in, Node node, const Rule& rule, std::string& out);
void ReadValue(Reader& in, Node node, const Rule& rule, Uuid& out);
void ReadValue(Reader& in, Node node, const Rule& rule, TimePoint& out);
void ReadValue(Reader& in, Node node, const Rule& rule, std::int64_t& out);
void ReadValue(Reader& in, Node node, const Rule& rule, double& out);
void ReadValue(Reader& in, Node node, const Rule& rule, bool& out);
void ReadValue(Reader& in, Node node, const Rule& rule, json::RawJson& out);
/// Index of the enumerator; nothing when it is none of them.
std::optional<std::size_t> ReadEnum(Reader& in, Node node, const EnumTable& table);
/// An object without members of its own.
void ReadObject(Reader& in, Node node);

/// An object while its members are read. False, with an issue, when there is none.
class ObjectScope {
 public:
  ObjectScope(Reader& in, Node node);
  ~ObjectScope();
  ObjectScope(const ObjectScope&) = delete;
  ObjectScope& operator=(const ObjectScope&) = delete;
  explicit operator bool() const { return object_ != nullptr; }
  Reader& reader() const { return in_; }
  Node Member(std::string_view name) const;
  /// Issues for members not in `known`, and for an object with no member at all.
  void RefuseOthers(std::span<const std::string_view> known) const;
  void RequireMember() const;

 private:
  Reader& in_;
  ReadMode mode_before_;
  const boost::json::object* object_ = nullptr;
};

/// A member while it is read: its name is on the path.
class MemberScope {
 public:
  MemberScope(const ObjectScope& object, std::string_view name);
  ~MemberScope();
  MemberScope(const MemberScope&) = delete;
  MemberScope& operator=(const MemberScope&) = delete;
  Node node() const { return node_; }

 private:
  Reader& in_;
  Node node_;
};

/// Array elements one after the other.
class ArrayScope {
 public:
  ArrayScope(Reader& in, Node node, const Rule& rule);
  ~ArrayScope();
  ArrayScope(const ArrayScope&) = delete;
  ArrayScope& operator=(const ArrayScope&) = delete;
  std::size_t size() const { return size_; }
  /// Element `index`, whose number is on the path until the next call.
  Node Element(std::size_t index);

 private:
  Reader& in_;
  ReadMode mode_before_;
  Node array_ = nullptr;
  std::size_t size_ = 0;
  bool on_path_ = false;
};

/// Alternatives of a union, tried in order.
class UnionScope {
 public:
  explicit UnionScope(Reader& in);
  ~UnionScope();
  UnionScope(const UnionScope&) = delete;
  UnionScope& operator=(const UnionScope&) = delete;
  /// Ends an alternative; true when it had no issue.
  bool EndOption();
  /// None fitted: the issues of the only alternative with the right types, else one issue that holds all.
  void Fail();

 private:
  struct Options;
  Reader& in_;
  std::unique_ptr<Options> options_;
};

template <ContractEnum E>
void ReadValue(Reader& in, Node node, const Rule&, E& out) {
  if (const auto index = ReadEnum(in, node, TableOf(E{}))) out = static_cast<E>(*index);
}

template <class T>
  requires requires(Reader& in, Node node, T& out) { Read(in, node, out); }
void ReadValue(Reader& in, Node node, const Rule&, T& out) {
  Read(in, node, out);
}

/// An element that may be null.
template <class T>
void ReadValue(Reader& in, Node node, const Rule& rule, std::optional<T>& out) {
  if (IsNull(node)) {
    out.reset();
  } else {
    ReadValue(in, node, rule, out.emplace());
  }
}

template <class T>
void ReadValue(Reader& in, Node node, const Rule& rule, std::vector<T>& out) {
  ArrayScope array(in, node, rule);
  out.clear();
  out.reserve(array.size() < kMaxReserve ? array.size() : kMaxReserve);
  for (std::size_t i = 0; i < array.size() && !in.is_full(); ++i) {
    T item{};
    ReadValue(in, array.Element(i), rule.item ? *rule.item : kAny, item);
    out.push_back(std::move(item));
  }
}

template <class T, class Variant>
bool ReadOption(Reader& in, Node node, UnionScope& options, Variant& out) {
  T value{};
  ReadValue(in, node, kAny, value);
  if (!options.EndOption()) return false;
  out = std::move(value);
  return true;
}

template <class... Ts>
void ReadValue(Reader& in, Node node, const Rule&, std::variant<Ts...>& out) {
  UnionScope options(in);
  if (!(ReadOption<Ts>(in, node, options, out) || ...)) options.Fail();
}

template <class T>
void Required(const ObjectScope& object, std::string_view name, const Rule& rule, T& out) {
  const MemberScope member(object, name);
  ReadValue(object.reader(), member.node(), rule, out);
}

template <class T>
void Nullable(const ObjectScope& object, std::string_view name, const Rule& rule, std::optional<T>& out) {
  const MemberScope member(object, name);
  ReadValue(object.reader(), member.node(), rule, out);
}

template <class T>
void Optional(const ObjectScope& object, std::string_view name, const Rule& rule, std::optional<T>& out) {
  const MemberScope member(object, name);
  if (member.node()) ReadValue(object.reader(), member.node(), rule, out.emplace());
}

template <class T>
void OptionalNullable(const ObjectScope& object, std::string_view name, const Rule& rule, json::Maybe<T>& out) {
  const MemberScope member(object, name);
  if (!member.node()) return;
  if (IsNull(member.node())) {
    out = std::nullopt;
  } else {
    ReadValue(object.reader(), member.node(), rule, out.emplace());
  }
}

/// `out` holds the default already.
template <class T>
void Defaulted(const ObjectScope& object, std::string_view name, const Rule& rule, T& out) {
  const MemberScope member(object, name);
  if (member.node()) ReadValue(object.reader(), member.node(), rule, out);
}

/// Null by default.
template <class T>
void NullDefaulted(const ObjectScope& object, std::string_view name, const Rule& rule, std::optional<T>& out) {
  const MemberScope member(object, name);
  if (member.node()) ReadValue(object.reader(), member.node(), rule, out);
}

}  // namespace immich::api
