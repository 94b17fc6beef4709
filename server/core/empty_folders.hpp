#pragma once

#include <string>

namespace immich {

/// Blocking. Removes folders below `root` that hold nothing, from the innermost out; `root` itself stays. Symbolic
/// links are not followed. What cannot be read or removed is left.
void RemoveEmptyFolders(const std::string& root);

}  // namespace immich
