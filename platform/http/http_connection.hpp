#pragma once

#include <boost/asio/ip/address.hpp>
#include <list>
#include <memory>
#include <string_view>

#include "platform/http/http_body.hpp"
#include "platform/http/http_head.hpp"
#include "platform/http/http_server_core.hpp"
#include "platform/http/http_transport.hpp"

namespace immich::http {

class ResponseSender;
class WebSocketSession;

/// One client connection from accept to close: reads heads, runs handlers one after the other, sends their responses.
/// Holds no buffer while it waits for a request.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<ServerCore> core, boost::asio::ip::tcp::socket socket, boost::asio::ip::address peer);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Serves until the connection ends. Never throws.
  Task<void> Run();
  /// Breaks the connection; what waits on it ends.
  void Close() { transport_.Close(); }
  /// Closes an idle connection to make room for another.
  void Evict();
  /// Ends the current wait when its time limit has passed.
  void CancelIfOverdue(Clock::time_point now) { transport_.CancelIfOverdue(now); }
  /// Ends a websocket after the messages that are queued; other connections are not touched.
  void CloseWebSocket();

 private:
  /// One request and what belongs to it; exists only while it is served.
  struct Exchange;

  enum class HeadState { kIncomplete, kReady, kClosed, kRefused };
  /// Waits for the next request. kReady leaves it in exchange_, kRefused the reason in refusal_.
  Task<HeadState> AwaitHead();
  HeadState ReceiveHead(HeadScanner& scanner);
  HeadState TakeHead(std::string_view bytes, HeadScanner& scanner);
  HeadState Refuse(HeadError error);
  Task<void> SendRefusal();
  /// True when the connection can take another request.
  Task<bool> ServeExchange();
  void PrepareRequest(Exchange& exchange);
  Task<Response> RunHandler(Request& request);
  Task<int> SendResponse(ResponseSender& sender, Response response);
  Task<bool> FinishExchange(bool keep_alive);
  /// Handler of the websocket this request asks for, or null.
  const ServerCore::WebSocketHandler* FindWebSocket() const;
  void MoveTo(std::list<HttpConnection*>& list);

  std::shared_ptr<ServerCore> core_;
  Transport transport_;
  boost::asio::ip::address peer_;
  PendingInput pending_;
  HeadError refusal_{400, "Bad Request"};
  std::unique_ptr<Exchange> exchange_;
  std::shared_ptr<WebSocketSession> web_socket_;
  bool has_served_ = false;
  std::list<HttpConnection*>* list_ = nullptr;
  std::list<HttpConnection*>::iterator position_;
};

}  // namespace immich::http
