#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace immich {

/// The exceptions of the program. Thrown where a request or job cannot go on, caught in three places: the HTTP adapter
/// (platform/http), the job runner (platform/queue) and main. `what()` is shown to the client, so it holds no secrets.
class Error : public std::runtime_error {
 public:
  Error(int http_status, std::string message) : std::runtime_error(std::move(message)), http_status_(http_status) {}
  int http_status() const { return http_status_; }
  /// Complete JSON body for the client; the default is `{"message": what()}`.
  virtual std::string JsonBody() const;

 private:
  int http_status_;
};

class BadRequest : public Error {
 public:
  explicit BadRequest(std::string message) : Error(400, std::move(message)) {}
};

class Unauthorized : public Error {
 public:
  explicit Unauthorized(std::string message) : Error(401, std::move(message)) {}
};

class Forbidden : public Error {
 public:
  explicit Forbidden(std::string message = "Forbidden") : Error(403, std::move(message)) {}
};

class NotFound : public Error {
 public:
  explicit NotFound(std::string message) : Error(404, std::move(message)) {}
};

class PayloadTooLarge : public Error {
 public:
  explicit PayloadTooLarge(std::string message) : Error(413, std::move(message)) {}
};

/// The request was understood but the server lacks something it needs now: database, Redis, disk space.
class Unavailable : public Error {
 public:
  explicit Unavailable(std::string message, int http_status = 503) : Error(http_status, std::move(message)) {}
};

/// A defect or an unexpected answer of something we depend on. The client sees only `public_message`.
class InternalError : public Error {
 public:
  explicit InternalError(std::string detail, std::string public_message = "Internal server error")
      : Error(500, std::move(public_message)), detail_(std::move(detail)) {}
  const std::string& detail() const { return detail_; }

 private:
  std::string detail_;
};

/// The request breaks the contract. `issues_json` is a JSON array of zod-like issues.
class ValidationError : public Error {
 public:
  explicit ValidationError(std::string issues_json)
      : Error(400, "Validation failed"), issues_(std::move(issues_json)) {}
  std::string JsonBody() const override;

 private:
  std::string issues_;
};

}  // namespace immich
