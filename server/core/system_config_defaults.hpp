#pragma once

#include <string_view>

namespace immich {

/// The configuration of a fresh installation as JSON: system_config_defaults.json, compiled in.
extern const std::string_view kSystemConfigDefaults;

}  // namespace immich
