#pragma once

#include <optional>
#include <string_view>

namespace immich {

/// Length of the vectors of a CLIP model by the name the configuration has; nullopt for a name nobody publishes (facts:
/// ml, "Models").
std::optional<int> ClipModelDimension(std::string_view name);

}  // namespace immich
