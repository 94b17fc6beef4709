#pragma once

#include "api/config_admin_types.hpp"
#include "api/config_public_types.hpp"
#include "api/config_user_types.hpp"
#include "api/system_config_types.hpp"

namespace immich::system_config {

/// The part every signed-in user may see.
api::UserConfigDto ForUsers(const api::AdminConfigDto& config);
/// The part the sign-in page needs.
api::PublicConfigDto ForEverybody(const api::AdminConfigDto& config);

/// Date variables of storage templates and templates to choose from.
api::SystemConfigTemplateStorageOptionDto StorageTemplateOptions();

}  // namespace immich::system_config
