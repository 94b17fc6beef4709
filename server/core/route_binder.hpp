#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "api/codec/contract_writer.hpp"
#include "api/route.hpp"
#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_router.hpp"
#include "server/core/auth_context.hpp"

namespace immich {

class Authenticator;
class RowFeed;

http::Method ToHttpMethod(api::Verb verb);

/// True for operations that change nothing in the database but what the caller's session says of itself.
bool OnlyReads(const api::Route& route);

/// One request on its way through a slice. `auth` is filled unless the route is public.
struct Call {
  http::Request& request;
  AuthContext auth;
};

/// Connects contract operations to the code of slices: authentication, admin, shared-link and API-key rules, parsing,
/// validation, serialisation and the success status all come from the operation's description.
class RouteBinder {
 public:
  /// JSON and urlencoded bodies beyond this are refused with 413 (facts: auth, "General HTTP shell").
  static constexpr std::size_t kBodyLimitBytes = 10 * 1024 * 1024;

  /// With a feed, the answer to a request that may have changed something waits until this process has heard of the
  /// change, so that the client's next request sees it (docs/adr/0013).
  RouteBinder(http::Router& router, Authenticator& authenticator, std::shared_ptr<RowFeed> rows = nullptr)
      : router_(router), authenticator_(authenticator), rows_(std::move(rows)) {}

  /// `handler`: Task<Op::Output>(Call&, Op::Input).
  template <class Op, class Handler>
  void On(Handler handler) {
    Bind(Op::kRoute, [handler = std::move(handler)](Call& call) -> Task<http::Response> {
      const std::string body = co_await ReadBody(call.request, Op::kRoute);
      typename Op::Input input = Op::Parse(call.request, body);
      if constexpr (std::is_void_v<typename Op::Output>) {
        co_await handler(call, std::move(input));
        co_return http::Response::Empty(Op::kRoute.status);
      } else {
        const typename Op::Output output = co_await handler(call, std::move(input));
        co_return http::Response::Json(Op::kRoute.status, api::ToJson(output));
      }
    });
  }

  /// For operations that choose status, headers or a body that is not JSON. `handler`: Task<http::Response>(Call&,
  /// Op::Input). A multipart or streamed body is left unread for the handler.
  template <class Op, class Handler>
  void OnResponse(Handler handler) {
    Bind(Op::kRoute, [handler = std::move(handler)](Call& call) -> Task<http::Response> {
      const std::string body = co_await ReadBody(call.request, Op::kRoute);
      typename Op::Input input = Op::Parse(call.request, body);
      co_return co_await handler(call, std::move(input));
    });
  }

  /// For the few public paths outside the contract (`/custom.css`); HEAD is served by GET handlers.
  void OnPublic(http::Method method, std::string_view pattern, http::Handler handler) {
    router_.On(method, pattern, std::move(handler));
  }

  /// Answers 501 on every operation of the contract that no slice has bound.
  void BindMissing();
  bool IsBound(std::string_view operation_id) const { return bound_.contains(std::string(operation_id)); }

 private:
  using Endpoint = std::function<Task<http::Response>(Call&)>;

  void Bind(const api::Route& route, Endpoint endpoint);
  Task<http::Response> Serve(const api::Route& route, const Endpoint& endpoint, http::Request& request);
  static Task<std::string> ReadBody(http::Request& request, const api::Route& route);

  http::Router& router_;
  Authenticator& authenticator_;
  std::shared_ptr<RowFeed> rows_;
  std::unordered_set<std::string> bound_;
};

}  // namespace immich
