#pragma once

#include "api/config_admin_types.hpp"
#include "api/server_types.hpp"

namespace immich::server_info {

/// What the configuration turns on; searching by picture, faces and text also need machine learning as a whole.
api::ServerFeaturesDto Features(const api::AdminConfigDto& config, bool is_from_file);

}  // namespace immich::server_info
