#pragma once

#include "api/server_types.hpp"

namespace immich::server_info {

/// Accepted file name extensions by kind; the upload filter of clients.
api::ServerMediaTypesResponseDto MediaTypeList();

}  // namespace immich::server_info
