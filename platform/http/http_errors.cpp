#include "platform/http/http_errors.hpp"

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

void LogFailure(const Request& request, int status, std::string_view detail) {
  const std::size_t path_end = request.target.find('?');
  log::Error("Http", "{} {} [{}] {}: {}", ToString(request.method),
             std::string_view(request.target).substr(0, path_end), request.correlation_id, status, detail);
}

Response FromError(const Error& error, std::string_view detail, const Request& request) {
  if (error.http_status() >= 500) LogFailure(request, error.http_status(), detail);
  return Response::Json(error.http_status(), error.JsonBody());
}

}  // namespace

Response ToErrorResponse(const std::exception_ptr& error, const Request& request) {
  try {
    std::rethrow_exception(error);
  } catch (const InternalError& internal) {
    return FromError(internal, internal.detail(), request);
  } catch (const Error& known) {
    return FromError(known, known.what(), request);
  } catch (const std::exception& other) {
    LogFailure(request, 500, other.what());
  } catch (...) {
    LogFailure(request, 500, "an object that is no exception was thrown");
  }
  return MessageResponse(500, "Internal server error");
}

Response MessageResponse(int status, std::string_view message) {
  return Response::Json(status, Error(status, std::string(message)).JsonBody());
}

}  // namespace immich::http
