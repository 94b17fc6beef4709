#include "platform/http/http_client.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>

namespace immich::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::use_awaitable;
using asio::ip::tcp;

constexpr std::size_t kReadBlockBytes = 64 * 1024;

struct Target {
  bool is_tls = false;
  std::string host, port, path;
  /// `host:port` as in the URL.
  std::string authority;
};

Target ParseUrl(std::string_view url) {
  Target target;
  const auto refuse = [&] { throw BadRequest(fmt::format("not an HTTP URL: {}", url)); };
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    target.is_tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    refuse();
  }
  const std::size_t path = rest.find_first_of("/?#");
  std::string_view authority = rest.substr(0, path);
  target.path = path == std::string_view::npos ? "/" : std::string(rest.substr(path, rest.find('#') - path));
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  if (const std::size_t user = authority.rfind('@'); user != std::string_view::npos) authority.remove_prefix(user + 1);
  target.authority = authority;
  std::size_t colon = authority.rfind(':');
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) refuse();
    target.host = authority.substr(1, close - 1);
    colon = authority.find(':', close);
  } else {
    target.host = authority.substr(0, colon);
  }
  target.port =
      colon == std::string_view::npos ? (target.is_tls ? "443" : "80") : std::string(authority.substr(colon + 1));
  if (target.host.empty() || target.port.empty()) refuse();
  return target;
}

Task<tcp::resolver::results_type> Resolve(const Target& target, std::chrono::milliseconds limit) {
  const auto executor = co_await asio::this_coro::executor;
  auto resolver = std::make_shared<tcp::resolver>(executor);
  auto took_too_long = std::make_shared<bool>(false);
  asio::steady_timer timer(executor, limit);
  timer.async_wait([resolver, took_too_long](boost::system::error_code error) {
    if (error) return;
    *took_too_long = true;
    resolver->cancel();
  });
  try {
    co_return co_await resolver->async_resolve(target.host, target.port, use_awaitable);
  } catch (const boost::system::system_error&) {
    if (!*took_too_long) throw;
  }
  throw boost::system::system_error(beast::error::timeout);
}

beast::http::request<beast::http::string_body> ToMessage(ClientRequest& request, const Target& target) {
  beast::http::request<beast::http::string_body> message;
  message.version(11);
  message.method_string(std::string(ToString(request.method)));
  message.target(target.path);
  message.set(beast::http::field::host, target.authority);
  message.set(beast::http::field::user_agent, "immich-server");
  message.set(beast::http::field::accept_encoding, "identity");
  message.set(beast::http::field::connection, "close");
  for (const auto& [name, value] : request.headers.items()) message.set(name, value);
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

template <class Stream>
Task<ClientResponse> Exchange(Stream& stream, const beast::http::request<beast::http::string_body>& message,
                              std::size_t response_limit_bytes) {
  co_await beast::http::async_write(stream, message, use_awaitable);
  beast::flat_buffer buffer;
  buffer.reserve(kReadBlockBytes);
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(response_limit_bytes);
  if (message.method() == beast::http::verb::head) parser.skip(true);
  co_await beast::http::async_read(stream, buffer, parser, use_awaitable);
  ClientResponse response;
  response.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    response.headers.Add(std::string(field.name_string()), std::string(field.value()));
  }
  response.body = std::move(parser.get().body());
  co_return response;
}

Task<ClientResponse> FetchTls(beast::tcp_stream socket, const Target& target,
                              const beast::http::request<beast::http::string_body>& message,
                              std::size_t response_limit_bytes) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_default_verify_paths();
  context.set_verify_mode(asio::ssl::verify_peer);
  context.set_verify_callback(asio::ssl::host_name_verification(target.host));
  beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), context);
  SSL_set_tlsext_host_name(stream.native_handle(), target.host.c_str());
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await Exchange(stream, message, response_limit_bytes);
}

Task<ClientResponse> FetchFrom(const Target& target, ClientRequest& request) {
  const tcp::resolver::results_type endpoints = co_await Resolve(target, request.connect_timeout);
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(request.connect_timeout);
  co_await stream.async_connect(endpoints, use_awaitable);
  stream.socket().set_option(tcp::no_delay(true));
  stream.expires_after(request.timeout);
  const std::size_t limit = request.response_limit_bytes;
  const auto message = ToMessage(request, target);
  if (target.is_tls) co_return co_await FetchTls(std::move(stream), target, message, limit);
  co_return co_await Exchange(stream, message, limit);
}

}  // namespace

Task<ClientResponse> Fetch(ClientRequest request) {
  const Target target = ParseUrl(request.url);
  std::string reason;
  try {
    co_return co_await FetchFrom(target, request);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    reason = error.code().message();
  }
  throw Unavailable(fmt::format("no answer from {}: {}", target.authority, reason));
}

}  // namespace immich::http
