#pragma once

#include <expected>
#include <string_view>

#include "media/failure.hpp"

namespace immich::media {

/// Loads `lib<name>.so` once and returns the address of `entry` in it; it stays loaded. Thread-safe.
///
/// The decoders are modules because linking them costs every process 45 MB and 80 ms at start (libvips 18 MB, libav
/// 35 MB), also the one that only serves requests. Modules are looked for in `lib/immich` below the folder of the
/// running program and below each of its next parents: `build/debug/lib/immich` and `/usr/lib/immich` both work.
/// Fails with kInternal when the module is missing; the message names it.
std::expected<void*, Failure> FindModuleEntry(std::string_view name, std::string_view entry);

/// The function table of type `Table` that `entry` of the module returns. UBSan compares function types by the address
/// of their descriptor, which program and module have one each of.
template <typename Table>
__attribute__((no_sanitize("function"))) std::expected<const Table*, Failure> ModuleTable(std::string_view name,
                                                                                          std::string_view entry) {
  const auto address = FindModuleEntry(name, entry);
  if (!address) return std::unexpected(address.error());
  return reinterpret_cast<const Table* (*)()>(*address)();
}

}  // namespace immich::media
