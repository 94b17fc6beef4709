#pragma once

#include <string>

namespace immich::ml::testing {

/// Python with Pillow (Debian: python3-pil) is there.
bool HasPillow();
/// Output of testdata/pillow_reference.py with these arguments, empty when it failed.
std::string AskPillow(const std::string& arguments);

}  // namespace immich::ml::testing
