#include "platform/pg/pg_query_error.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include "platform/log/log.hpp"
#include "platform/pg/pg_error.hpp"

namespace immich::pg {
namespace {

constexpr int kInsufficientStorage = 507;

std::string Field(const pg_result* result, char code) {
  const char* text = PQresultErrorField(result, static_cast<unsigned char>(code));
  return text != nullptr ? text : "";
}

}  // namespace

std::exception_ptr MakeQueryError(const pg_result* result, std::string_view statement_name) {
  std::string state = Field(result, PG_DIAG_SQLSTATE);
  std::string message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = PQresultErrorMessage(result);
  std::string detail = fmt::format("{}: {} ({})", statement_name, message, state);
  for (const char code : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT}) {
    if (const std::string text = Field(result, code); !text.empty()) detail += "; " + text;
  }
  if (const std::string at = Field(result, PG_DIAG_STATEMENT_POSITION); !at.empty()) detail += "; at character " + at;
  // 0A000 of that function: "cached plan must not change result type"; 26000: the prepared statement is gone.
  const bool stale =
      (state == "0A000" && Field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery") || state == "26000";
  // Class 53: the server lacks disk, memory or connections, whoever asks.
  if (state.starts_with("53")) {
    log::Error("Database", "{}", detail);
    const bool is_disk_full = state == "53100";
    return is_disk_full ? std::make_exception_ptr(Unavailable("The database's storage is full", kInsufficientStorage))
                        : std::make_exception_ptr(Unavailable("Database unavailable"));
  }
  std::string constraint = Field(result, PG_DIAG_CONSTRAINT_NAME);
  if (stale) return std::make_exception_ptr(StalePlan(std::move(detail), std::move(state), std::move(constraint)));
  return std::make_exception_ptr(QueryError(std::move(detail), std::move(state), std::move(constraint)));
}

std::string OneLine(std::string_view message) {
  std::string line;
  for (const char c : message) {
    const bool space = c == '\n' || c == '\t';
    if (!space) line.push_back(c);
    if (space && !line.empty() && line.back() != ' ') line.push_back(' ');
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace immich::pg
