#include "server/core/route_binder.hpp"

#include <fmt/format.h>

#include "platform/error/error.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/row_feed.hpp"

namespace immich {

namespace {

void CheckApiKey(const api::Route& route, const AuthApiKey& key) {
  if (route.any_key) return;
  const api::Permission wanted = route.permission.value_or(api::Permission::kAll);
  if (!key.permissions.Allows(wanted)) {
    throw Forbidden(fmt::format("Missing required permission: {}", api::ToString(wanted)));
  }
}

void CheckCaller(const api::Route& route, const AuthContext& auth) {
  if (auth.shared_link && !route.shared_link) throw Forbidden();
  if (route.access == api::Access::kAdmin && !auth.user.is_admin) throw Forbidden();
  if (auth.api_key) CheckApiKey(route, *auth.api_key);
}

}  // namespace

bool OnlyReads(const api::Route& route) {
  if (route.verb == api::Verb::kGet) return true;
  // Questions with a body. They are few enough to name what they need.
  return route.verb == api::Verb::kPost &&
         (route.permission == api::Permission::kAssetRead || route.permission == api::Permission::kAssetStatistics ||
          route.permission == api::Permission::kAssetDownload);
}

http::Method ToHttpMethod(api::Verb verb) {
  switch (verb) {
    case api::Verb::kGet:
      return http::Method::kGet;
    case api::Verb::kPost:
      return http::Method::kPost;
    case api::Verb::kPut:
      return http::Method::kPut;
    case api::Verb::kPatch:
      return http::Method::kPatch;
    case api::Verb::kDelete:
      return http::Method::kDelete;
    case api::Verb::kNone:
      break;
  }
  return http::Method::kOther;
}

Task<std::string> RouteBinder::ReadBody(http::Request& request, const api::Route& route) {
  const bool buffered = route.body == api::BodyKind::kJson || route.body == api::BodyKind::kUrlencoded;
  if (!buffered || request.body == nullptr) co_return std::string{};
  co_return co_await request.body->ReadAll(kBodyLimitBytes);
}

void RouteBinder::Bind(const api::Route& route, Endpoint endpoint) {
  if (!bound_.insert(std::string(route.operation_id)).second) {
    throw InternalError(fmt::format("operation {} is bound twice", route.operation_id));
  }
  auto shared = std::make_shared<Endpoint>(std::move(endpoint));
  http::Handler handler = [this, &route, shared](http::Request& request) { return Serve(route, *shared, request); };
  if (rows_ && !OnlyReads(route)) {
    handler = [this, &route, shared](http::Request& request) -> Task<http::Response> {
      std::exception_ptr failure;
      http::Response response;
      try {
        response = co_await Serve(route, *shared, request);
      } catch (...) {
        // What was done before it failed stays done.
        failure = std::current_exception();
      }
      co_await rows_->CatchUp();
      if (failure) std::rethrow_exception(failure);
      co_return response;
    };
  }
  router_.On(ToHttpMethod(route.verb), route.pattern, handler);
  if (route.alias != api::Verb::kNone) router_.On(ToHttpMethod(route.alias), route.pattern, handler);
}

Task<http::Response> RouteBinder::Serve(const api::Route& route, const Endpoint& endpoint, http::Request& request) {
  Call call{request, {}};
  if (route.access != api::Access::kPublic) {
    call.auth = co_await authenticator_.Authenticate(request);
    CheckCaller(route, call.auth);
  }
  co_return co_await endpoint(call);
}

void RouteBinder::BindMissing() {
  for (const api::Route& route : api::AllRoutes()) {
    if (IsBound(route.operation_id)) continue;
    Bind(route, [&route](Call&) -> Task<http::Response> {
      co_return http::Response::Json(
          501, fmt::format(R"({{"message":"{} is not available on this server yet"}})", route.operation_id));
    });
    bound_.erase(std::string(route.operation_id));
  }
}

}  // namespace immich
