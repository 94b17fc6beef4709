#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace immich::config {

/// Blocking. Reads a JSON or YAML file (IMMICH_CONFIG_FILE): JSON by the ending `.json`, YAML otherwise. Throws
/// InternalError that names the file and the place of the mistake.
boost::json::value ReadConfigFile(const std::string& path);

/// YAML 1.2 core schema: plain scalars become null, booleans, integers and numbers, everything quoted stays text; merge
/// keys (`<<`) are applied. `path` is for messages.
boost::json::value ParseYaml(std::string_view text, const std::string& path);

}  // namespace immich::config
