#include "server/route_list.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "api/route.hpp"
#include "platform/config/environment.hpp"
#include "server/core/access.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/features.hpp"
#include "server/start_up.hpp"

namespace immich {

int ListRoutes() {
  // Nothing connects before it is used, so the slices can be registered without any service.
  const config::Environment environment;
  boost::asio::io_context io;
  Foundation foundation(io.get_executor(), environment, "immich-api");
  Authenticator authenticator(foundation.db);
  Access access(foundation.db);
  http::Router router;
  RouteBinder routes(router, authenticator);
  FeatureContext context{io.get_executor(), environment,       routes,          foundation.db,
                         foundation.redis,  foundation.queues, access,          foundation.jobs,
                         foundation.events, foundation.config, foundation.paths};
  RegisterFeatures(context);
  for (const api::Route& route : api::AllRoutes()) {
    fmt::print("{} {} {}\n", routes.IsBound(route.operation_id) ? "implemented" : "501",
               http::ToString(ToHttpMethod(route.verb)), route.pattern);
  }
  return 0;
}

}  // namespace immich
