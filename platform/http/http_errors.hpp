#pragma once

#include <exception>

#include "platform/http/http_message.hpp"

namespace immich::http {

/// The documented error body for what a handler threw: `Error` gives its status and JSON, everything else 500
/// `{"message":"Internal server error"}`. 5xx are logged with method, path and correlation id.
Response ToErrorResponse(const std::exception_ptr& error, const Request& request);
/// `{"message": …}`.
Response MessageResponse(int status, std::string_view message);

}  // namespace immich::http
