#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"

namespace immich::http {

/// A request of ours to another service.
struct ClientRequest {
  Method method = Method::kGet;
  /// `http://host:port/path?query` or `https://…`.
  std::string url;
  Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{5'000};
  /// From the open connection to the complete answer.
  std::chrono::milliseconds timeout{30'000};
  /// Longer answers are refused.
  std::size_t response_limit_bytes = 64 * 1024 * 1024;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// One HTTP/1.1 exchange on a connection of its own; redirects are not followed, certificates are checked against the
/// system's. Any status is an answer. Throws Unavailable with the reason when there is none, BadRequest for a URL that
/// is none. Cancellable.
Task<ClientResponse> Fetch(ClientRequest request);

}  // namespace immich::http
