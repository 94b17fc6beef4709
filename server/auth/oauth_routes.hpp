#pragma once

#include <memory>

#include "server/auth/oauth_service.hpp"

namespace immich {
class RouteBinder;
}

namespace immich::auth {

void BindOAuth(RouteBinder& routes, const std::shared_ptr<OAuthService>& service);

}  // namespace immich::auth
