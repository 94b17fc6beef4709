#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace immich {

/// 128-bit identifier in network byte order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }

  /// Accepts the 36-character form in either case; any version.
  static std::optional<Uuid> Parse(std::string_view text);
  /// Random (version 4) from the kernel's generator.
  static Uuid Random();
  /// Time-ordered (version 7) for `unix_ms`.
  static Uuid Version7(std::int64_t unix_ms);
  int version() const { return bytes[6] >> 4; }
  /// Milliseconds since 1970 of a version 7 identifier.
  std::int64_t unix_ms() const;

  /// Lower-case 36-character form.
  std::string ToString() const;
  /// Writes exactly 36 characters.
  void Write(char* out) const;
};

/// An identifier that cannot be confused with one of another kind: `using AssetId = Id<struct AssetIdTag>`.
template <class Tag>
struct Id {
  Uuid value;

  Id() = default;
  explicit Id(Uuid uuid) : value(uuid) {}
  auto operator<=>(const Id&) const = default;
  std::string ToString() const { return value.ToString(); }
  static Id Random() { return Id{Uuid::Random()}; }
};

}  // namespace immich

template <>
struct std::hash<immich::Uuid> {
  std::size_t operator()(const immich::Uuid& id) const noexcept {
    std::uint64_t parts[2];
    std::memcpy(parts, id.bytes.data(), 16);
    return static_cast<std::size_t>(parts[0] ^ (parts[1] * 0x9E3779B97F4A7C15ULL));
  }
};

template <class Tag>
struct std::hash<immich::Id<Tag>> {
  std::size_t operator()(const immich::Id<Tag>& id) const noexcept { return std::hash<immich::Uuid>{}(id.value); }
};
