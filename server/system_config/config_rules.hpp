#pragma once

#include "api/config_admin_types.hpp"

namespace immich::system_config {

/// What may go together beyond the contract's constraints: cron expressions that can be read, a storage template that
/// renders, complete settings of what is switched on. Throws BadRequest with the reason.
void CheckConfig(const api::AdminConfigDto& config);

/// Settings as they are stored: the codecs to transcode to are always accepted, the external domain is an origin
/// without path. Throws BadRequest when the domain is no URL.
void NormalizeConfig(api::AdminConfigDto& config);

}  // namespace immich::system_config
