#pragma once

#include <string>
#include <utility>

#include "platform/error/error.hpp"

namespace immich::pg {

/// The server refused a statement. Becomes a 500 unless a service catches it for an expected constraint.
class QueryError : public InternalError {
 public:
  QueryError(std::string detail, std::string sqlstate, std::string constraint)
      : InternalError(std::move(detail)), sqlstate_(std::move(sqlstate)), constraint_(std::move(constraint)) {}
  /// Five characters, e.g. `23505` unique_violation.
  const std::string& sqlstate() const { return sqlstate_; }
  /// Name of the violated constraint or index; empty when none.
  const std::string& constraint() const { return constraint_; }
  bool is_unique_violation() const { return sqlstate_ == "23505"; }
  bool is_foreign_key_violation() const { return sqlstate_ == "23503"; }
  bool is_check_violation() const { return sqlstate_ == "23514"; }
  /// Serialization failure or deadlock: the transaction may succeed when run again.
  bool is_retryable() const { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }

 private:
  std::string sqlstate_, constraint_;
};

/// The plan of a prepared statement no longer fits the tables (they were migrated): it succeeds on a new connection.
class StalePlan : public QueryError {
 public:
  using QueryError::QueryError;
};

/// The connection broke while COMMIT was under way: the transaction may or may not have happened.
class CommitUnknown : public InternalError {
 public:
  using InternalError::InternalError;
};

/// There is no connection, or it broke before an answer: the running statement may or may not have taken effect.
class ConnectionBroken : public Unavailable {
 public:
  explicit ConnectionBroken(std::string detail) : Unavailable("Database unavailable"), detail_(std::move(detail)) {}
  const std::string& detail() const { return detail_; }

 private:
  std::string detail_;
};

}  // namespace immich::pg
