#include "platform/http/http_connection.hpp"

#include <exception>
#include <utility>

#include "platform/http/http_errors.hpp"
#include "platform/http/http_response.hpp"
#include "platform/http/url_encoding.hpp"
#include "platform/http/web_socket_session.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

/// After an answer to a request whose body was not read: clients such as curl send all of it before they read.
constexpr std::chrono::milliseconds kLingerTime{30000};
/// After an answer to something that is not HTTP, to pipelined requests, and when the server stops.
constexpr std::chrono::milliseconds kShortLingerTime{1000};
constexpr std::size_t kMaxCorrelationIdBytes = 128;

/// Path and query of a request target, which may be in absolute form.
std::pair<std::string_view, std::string_view> SplitTarget(std::string_view target) {
  const std::size_t scheme = target.starts_with('/') ? std::string_view::npos : target.find("://");
  if (scheme != std::string_view::npos) {
    const std::size_t path = target.find_first_of("/?", scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return {target, {}};
  return {target.substr(0, question), target.substr(question + 1)};
}

Response AllowedMethodsResponse(const std::vector<Method>& methods) {
  std::string list;
  for (const Method method : methods) list.append(list.empty() ? "" : ", ").append(ToString(method));
  Response response = Response::Text(200, "text/html; charset=utf-8", list);
  response.headers.Add("Allow", list);
  return response;
}

}  // namespace

struct HttpConnection::Exchange {
  Exchange(RequestHead head_in, Transport& transport, PendingInput& pending)
      : head(std::move(head_in)), body(transport, pending, head), begin(Clock::now()) {}

  RequestHead head;
  Request request;
  RequestBody body;
  Clock::time_point begin;
};

HttpConnection::HttpConnection(std::shared_ptr<ServerCore> core, boost::asio::ip::tcp::socket socket,
                               boost::asio::ip::address peer)
    : core_(std::move(core)), transport_(std::move(socket), core_->options.stall_timeout), peer_(std::move(peer)) {
  list_ = &core_->busy;
  position_ = list_->insert(list_->end(), this);
}

HttpConnection::~HttpConnection() {
  list_->erase(position_);
}

void HttpConnection::MoveTo(std::list<HttpConnection*>& list) {
  list.splice(list.end(), *list_, position_);
  list_ = &list;
}

void HttpConnection::Evict() {
  MoveTo(core_->busy);
  Close();
}

void HttpConnection::CloseWebSocket() {
  if (web_socket_) web_socket_->Close();
}

Task<void> HttpConnection::Run() {
  const std::shared_ptr<HttpConnection> self = shared_from_this();
  try {
    for (;;) {
      const HeadState state = co_await AwaitHead();
      if (state == HeadState::kRefused) co_await SendRefusal();
      if (state != HeadState::kReady) break;
      const bool goes_on = co_await ServeExchange();
      if (!goes_on) break;
    }
  } catch (const ClientGone&) {
    log::Debug("Http", "a client closed its connection before the end of the response");
  } catch (const std::exception& error) {
    log::Error("Http", "a response broke off: {}", error.what());
  }
  exchange_.reset();
  transport_.Close();
}

Task<HttpConnection::HeadState> HttpConnection::AwaitHead() {
  HeadScanner scanner;
  exchange_.reset();
  pending_.ReleaseIfEmpty();
  transport_.SetDeadline(core_->options.head_timeout);
  HeadState state = HeadState::kIncomplete;
  if (!pending_.empty()) {
    state = TakeHead(pending_.view(), scanner);
    if (state == HeadState::kReady) pending_.Consume(scanner.head_bytes());
  } else if (!has_served_) {
    state = ReceiveHead(scanner);
  }
  while (state == HeadState::kIncomplete) {
    if (core_->stopping) co_return HeadState::kClosed;
    if (pending_.empty()) {
      if (has_served_) transport_.SetDeadline(core_->options.idle_timeout);
      MoveTo(core_->idle);
    }
    const bool readable = co_await transport_.WaitReadable();
    if (readable) {
      state = ReceiveHead(scanner);
    } else {
      const bool is_slow = transport_.timed_out() && !pending_.empty();
      state = is_slow ? Refuse({408, "Request Timeout"}) : HeadState::kClosed;
    }
  }
  transport_.ClearDeadline();
  co_return state;
}

HttpConnection::HeadState HttpConnection::ReceiveHead(HeadScanner& scanner) {
  const Transport::ReadResult result = transport_.TryRead(core_->scratch);
  if (result.status == Transport::Status::kClosed) return HeadState::kClosed;
  if (result.status == Transport::Status::kWouldBlock) return HeadState::kIncomplete;
  if (list_ == &core_->idle) {
    MoveTo(core_->busy);
    transport_.SetDeadline(core_->options.head_timeout);
  }
  const std::string_view received(core_->scratch.data(), result.bytes);
  if (!pending_.empty()) {
    pending_.Append(received);
    const HeadState state = TakeHead(pending_.view(), scanner);
    if (state == HeadState::kReady) pending_.Consume(scanner.head_bytes());
    return state;
  }
  const HeadState state = TakeHead(received, scanner);
  if (state == HeadState::kReady) pending_.Append(received.substr(scanner.head_bytes()));
  if (state == HeadState::kIncomplete) pending_.Append(received);
  return state;
}

HttpConnection::HeadState HttpConnection::TakeHead(std::string_view bytes, HeadScanner& scanner) {
  const HeadScanner::State state = scanner.Scan(bytes);
  if (state == HeadScanner::State::kMalformed) return Refuse({400, "Bad Request"});
  if (scanner.head_bytes() > core_->options.header_limit_bytes) return Refuse({431, "Request Header Fields Too Large"});
  if (state == HeadScanner::State::kIncomplete) return HeadState::kIncomplete;
  const std::size_t begin = scanner.skipped_bytes();
  auto head = ParseRequestHead(bytes.substr(begin, scanner.head_bytes() - begin));
  if (!head) return Refuse(head.error());
  exchange_ = std::make_unique<Exchange>(std::move(*head), transport_, pending_);
  return HeadState::kReady;
}

HttpConnection::HeadState HttpConnection::Refuse(HeadError error) {
  refusal_ = error;
  return HeadState::kRefused;
}

Task<void> HttpConnection::SendRefusal() {
  Request request;
  request.correlation_id = core_->NewCorrelationId();
  ResponseSender sender(*core_, transport_, request, 1, false);
  Response response = MessageResponse(refusal_.status, refusal_.reason);
  co_await sender.Send(std::move(response));
  co_await transport_.Linger(kShortLingerTime);
}

void HttpConnection::PrepareRequest(Exchange& exchange) {
  Request& request = exchange.request;
  request.method = exchange.head.method;
  request.target = std::move(exchange.head.target);
  request.headers = std::move(exchange.head.headers);
  const auto [path, query] = SplitTarget(request.target);
  request.path = PercentDecode(path);
  request.query = QueryParams::Parse(query);
  if (const auto cookies = request.headers.Find("Cookie")) request.cookies = ParseCookies(*cookies);
  TrustedProxies::Client client = core_->proxies.Resolve(peer_, request.headers);
  request.client_ip = std::move(client.ip);
  request.secure = client.secure;
  request.host = std::move(client.host);
  const auto correlation_id = request.headers.Find("X-Correlation-ID");
  const bool is_usable = correlation_id && !correlation_id->empty() && correlation_id->size() <= kMaxCorrelationIdBytes;
  request.correlation_id = is_usable ? std::string(*correlation_id) : core_->NewCorrelationId();
  request.body = &exchange.body;
}

Task<bool> HttpConnection::ServeExchange() {
  Exchange& exchange = *exchange_;
  has_served_ = true;
  PrepareRequest(exchange);
  if (const auto* handler = FindWebSocket()) {
    web_socket_ = std::make_shared<WebSocketSession>(shared_from_this(), transport_, pending_, core_->scratch);
    co_await web_socket_->Serve(exchange.request, *handler);
    co_return false;
  }
  Response response = co_await RunHandler(exchange.request);
  const bool body_is_read = exchange.body.is_finished() || exchange.body.is_cheap_to_drain();
  const bool keep_alive = exchange.head.keep_alive && body_is_read && !core_->stopping;
  ResponseSender sender(*core_, transport_, exchange.request, exchange.head.minor_version, keep_alive);
  const int status = co_await SendResponse(sender, std::move(response));
  if (core_->observer) {
    core_->observer(exchange.request, status,
                    std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - exchange.begin));
  }
  if (status == ClientGone::kStatus) co_return false;
  co_return co_await FinishExchange(sender.keep_alive());
}

Task<Response> HttpConnection::RunHandler(Request& request) {
  std::exception_ptr failure;
  try {
    const std::string_view raw_path = SplitTarget(request.target).first;
    Router::Match match = core_->router.Find(request.method, raw_path);
    if (match.handler != nullptr) {
      request.path_params = std::move(match.params);
      co_return co_await (*match.handler)(request);
    }
    if (request.method == Method::kOptions) {
      const std::vector<Method> allowed = core_->router.AllowedMethods(raw_path);
      if (!allowed.empty()) co_return AllowedMethodsResponse(allowed);
    }
    if (core_->router.fallback()) co_return co_await core_->router.fallback()(request);
    co_return MessageResponse(404, "Cannot " + std::string(ToString(request.method)) + " " + request.path);
  } catch (...) {
    failure = std::current_exception();
  }
  co_return ToErrorResponse(failure, request);
}

Task<int> HttpConnection::SendResponse(ResponseSender& sender, Response response) {
  try {
    co_return co_await sender.Send(std::move(response));
  } catch (const ClientGone&) {
    log::Debug("Http", "the client left before the end of the response");
  } catch (const std::exception& error) {
    const Request& request = exchange_->request;
    log::Error("Http", "{} {} [{}]: the response broke off: {}", ToString(request.method), request.path,
               request.correlation_id, error.what());
  }
  co_return ClientGone::kStatus;
}

Task<bool> HttpConnection::FinishExchange(bool keep_alive) {
  RequestBody& body = exchange_->body;
  if (keep_alive) co_return body.is_finished() || co_await body.Drain();
  const bool has_unread_body = !body.is_finished();
  const bool has_unread_input = has_unread_body || !pending_.empty();
  exchange_.reset();
  MoveTo(core_->idle);
  const bool is_patient = has_unread_body && !core_->stopping;
  if (has_unread_input) co_await transport_.Linger(is_patient ? kLingerTime : kShortLingerTime);
  co_return false;
}

const ServerCore::WebSocketHandler* HttpConnection::FindWebSocket() const {
  const Request& request = exchange_->request;
  if (core_->web_sockets.empty() || !EqualsIgnoringCase(request.headers.Get("Upgrade"), "websocket")) return nullptr;
  return core_->FindWebSocket(request.path);
}

}  // namespace immich::http
