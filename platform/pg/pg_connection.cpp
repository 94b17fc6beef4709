#include "platform/pg/pg_connection.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <unordered_set>

#include "platform/pg/pg_query_error.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;

/// Prepared texts built at run time that one connection keeps; a filter of the timeline or search yields a few dozen.
constexpr std::size_t kMaxDynamicStatements = 128;
/// The protocol counts parameters in 16 bits.
constexpr std::size_t kMaxParams = 65535;

void CheckParams(const Params& params) {
  if (params.has_nul()) throw QueryError("a text parameter holds U+0000", "22021", "");
  if (params.size() > kMaxParams) throw InternalError(fmt::format("statement with {} parameters", params.size()));
}

}  // namespace

struct Connection::Step {
  enum class Kind { kPlain, kPrepare, kExecute, kDeallocate };
  Kind kind = Kind::kPlain;
  /// Statement of kPlain, prepared name of kDeallocate.
  std::string text;
  Prepared* prepared = nullptr;
  const Params* params = nullptr;
  Result result;
};

Connection::Connection(asio::any_io_executor executor, Handle handle)
    : executor_(executor),
      handle_(std::move(handle)),
      socket_(executor, PQsocket(handle_.get())),
      prepared_(kMaxDynamicStatements) {}

Connection::~Connection() {
  socket_.release();
}

Task<Result> Connection::Run(const Statement& statement, const Params& params) {
  co_return co_await RunPrepared(prepared_.ForStatement(statement), statement.name, params);
}

Task<Result> Connection::RunDynamic(std::string_view text, const Params& params) {
  co_return co_await RunPrepared(prepared_.ForText(text), "dynamic", params);
}

Task<Result> Connection::RunPrepared(Prepared& prepared, std::string_view name, const Params& params) {
  const auto start = std::chrono::steady_clock::now();
  Steps steps;
  AddBegin(steps);
  AddPrepared(steps, prepared, params);
  const std::size_t execute = steps.size() - 1;
  AddEvictions(steps);
  co_await Execute(steps);
  Observe(name, start);
  co_return std::move(steps[execute].result);
}

Task<std::vector<Result>> Connection::RunPipeline(std::span<const std::pair<Statement, Params>> batch) {
  Steps steps;
  AddBegin(steps);
  std::unordered_set<const Prepared*> preparing;
  for (const auto& [statement, params] : batch) {
    Prepared& prepared = prepared_.ForStatement(statement);
    if (!prepared.ready && !preparing.insert(&prepared).second) {
      CheckParams(params);
      steps.push_back({Step::Kind::kExecute, {}, &prepared, &params, {}});
    } else {
      AddPrepared(steps, prepared, params);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  co_await Execute(steps);
  Observe("pipeline", start);
  std::vector<Result> results;
  results.reserve(batch.size());
  for (Step& step : steps) {
    if (step.kind == Step::Kind::kExecute) results.push_back(std::move(step.result));
  }
  co_return results;
}

Task<void> Connection::Stream(std::string_view text, const Params& params,
                              const std::function<Task<void>(Row)>& on_row) {
  Steps steps;
  AddBegin(steps);
  AddPrepared(steps, prepared_.ForText(text), params);
  const std::size_t execute = steps.size() - 1;
  AddEvictions(steps);
  const auto start = std::chrono::steady_clock::now();
  EnterBusy();
  Send(steps);
  std::exception_ptr error;
  std::size_t index = 0;
  if (!co_await ReadUntil(steps, index, execute, error)) {
    co_await StreamRows(steps[execute], on_row, error);
    index = execute + 1;
    co_await ReadUntil(steps, index, std::numeric_limits<std::size_t>::max(), error);
  }
  busy_ = false;
  Observe("stream", start);
  if (error) std::rethrow_exception(error);
}

Task<void> Connection::StreamRows(Step& step, const std::function<Task<void>(Row)>& on_row, std::exception_ptr& error) {
  PQsetSingleRowMode(handle_.get());
  while (true) {
    if (PQisBusy(handle_.get()) != 0) co_await WaitForInput();
    pg_result* raw = PQgetResult(handle_.get());
    if (raw == nullptr) co_return;
    Result result(raw);
    if (PQresultStatus(raw) == PGRES_SINGLE_TUPLE) {
      co_await on_row(Row(raw, 0));
    } else {
      AcceptResult(step, std::move(result), raw, error);
    }
  }
}

// The server delivers pending notifications before it says that it is ready again, and a commit whose answer has come
// has told the listening sessions before it was answered.
Task<void> Connection::Sync() {
  Steps nothing;
  co_await Execute(nothing);
}

Task<void> Connection::RunScript(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) throw QueryError("a script holds U+0000", "22021", "");
  if (begin_pending_) {
    Steps steps;
    AddBegin(steps);
    co_await Execute(steps);
  }
  EnterBusy();
  if (PQexitPipelineMode(handle_.get()) == 0) ThrowBroken();
  std::exception_ptr error;
  try {
    co_await RunSimple(sql);
  } catch (const QueryError&) {
    error = std::current_exception();
  }
  if (PQenterPipelineMode(handle_.get()) == 0) ThrowBroken();
  busy_ = false;
  if (error) std::rethrow_exception(error);
}

/// Runs `sql` outside pipeline mode; reports the first error after reading everything.
Task<void> Connection::RunSimple(const std::string& sql) {
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) ThrowBroken();
  std::exception_ptr error;
  Step step;
  while (true) {
    if (PQisBusy(handle_.get()) != 0) co_await WaitForInput();
    pg_result* raw = PQgetResult(handle_.get());
    if (raw == nullptr) break;
    AcceptResult(step, Result(raw), raw, error);
  }
  if (PQstatus(handle_.get()) != CONNECTION_OK) ThrowBroken();
  if (error) std::rethrow_exception(error);
}

Task<void> Connection::Commit() {
  if (begin_pending_) {
    begin_pending_ = false;
    co_return;
  }
  if (!IsAlive()) throw ConnectionBroken("connection lost before COMMIT was sent");
  // Once COMMIT is on its way its answer is awaited even when the caller is cancelled.
  auto uncancelled = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
  co_await asio::co_spawn(executor_, SendCommit(), uncancelled);
}

Task<void> Connection::SendCommit() {
  Steps steps;
  steps.push_back({Step::Kind::kPlain, "COMMIT", nullptr, nullptr, {}});
  try {
    co_await Execute(steps);
  } catch (const ConnectionBroken& error) {
    throw CommitUnknown(fmt::format("connection lost during COMMIT: {}", error.detail()));
  }
  // The server answers ROLLBACK when a statement had failed and `body` went on regardless.
  if (steps[0].result.command_tag() != "COMMIT") {
    throw QueryError("the transaction was rolled back because of an earlier error", "25P02", "");
  }
}

Task<void> Connection::Rollback() {
  if (begin_pending_) {
    begin_pending_ = false;
    co_return;
  }
  if (PQtransactionStatus(handle_.get()) == PQTRANS_IDLE) co_return;
  Steps steps;
  steps.push_back({Step::Kind::kPlain, "ROLLBACK", nullptr, nullptr, {}});
  co_await Execute(steps);
}

void Connection::AddBegin(Steps& steps) {
  if (begin_pending_) steps.push_back({Step::Kind::kPlain, "BEGIN", nullptr, nullptr, {}});
}

void Connection::AddPrepared(Steps& steps, Prepared& prepared, const Params& params) {
  CheckParams(params);
  if (!prepared.ready) steps.push_back({Step::Kind::kPrepare, {}, &prepared, nullptr, {}});
  steps.push_back({Step::Kind::kExecute, {}, &prepared, &params, {}});
}

void Connection::AddEvictions(Steps& steps) {
  for (const std::string& name : prepared_.evicted()) {
    steps.push_back({Step::Kind::kDeallocate, name, nullptr, nullptr, {}});
  }
}

Task<void> Connection::Execute(Steps& steps) {
  EnterBusy();
  Send(steps);
  std::exception_ptr error;
  std::size_t index = 0;
  co_await ReadUntil(steps, index, std::numeric_limits<std::size_t>::max(), error);
  busy_ = false;
  if (error) std::rethrow_exception(error);
}

void Connection::Send(const Steps& steps) {
  for (const Step& step : steps) SendStep(step);
  if (PQpipelineSync(handle_.get()) == 0) ThrowBroken();
}

void Connection::SendStep(const Step& step) {
  int sent = 0;
  if (step.kind == Step::Kind::kPrepare) {
    sent = PQsendPrepare(handle_.get(), step.prepared->name.c_str(), step.prepared->text.c_str(), 0, nullptr);
  } else if (step.kind == Step::Kind::kExecute) {
    const auto values = step.params->values();
    boost::container::small_vector<const char*, 16> texts;
    boost::container::small_vector<int, 16> lengths, formats;
    for (const Params::Value& value : values) {
      texts.push_back(value.is_null ? nullptr : value.data.c_str());
      lengths.push_back(static_cast<int>(value.data.size()));
      formats.push_back(value.is_binary ? 1 : 0);
    }
    sent = PQsendQueryPrepared(handle_.get(), step.prepared->name.c_str(), static_cast<int>(values.size()),
                               texts.data(), lengths.data(), formats.data(), 1);
  } else {
    const bool plain = step.kind == Step::Kind::kPlain;
    const std::string text = plain ? step.text : fmt::format("DEALLOCATE \"{}\"", step.text);
    sent = PQsendQueryParams(handle_.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1);
  }
  if (sent == 0) ThrowBroken();
}

Task<bool> Connection::ReadUntil(Steps& steps, std::size_t& index, std::size_t stop, std::exception_ptr& error) {
  while (index < stop) {
    if (PQisBusy(handle_.get()) != 0) co_await WaitForInput();
    if (AcceptNext(steps, index, error)) co_return true;
  }
  co_return false;
}

/// Takes one result, or the end of a step's results; true at the end of the batch.
bool Connection::AcceptNext(Steps& steps, std::size_t& index, std::exception_ptr& error) {
  pg_result* raw = PQgetResult(handle_.get());
  if (raw == nullptr) {
    if (++index > steps.size() || PQstatus(handle_.get()) != CONNECTION_OK) ThrowBroken();
    return false;
  }
  if (PQresultStatus(raw) == PGRES_PIPELINE_SYNC) {
    PQclear(raw);
    return true;
  }
  Result result(raw);
  if (index >= steps.size()) ThrowBroken();
  AcceptResult(steps[index], std::move(result), raw, error);
  return false;
}

void Connection::AcceptResult(Step& step, Result result, pg_result* raw, std::exception_ptr& error) {
  switch (PQresultStatus(raw)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      if (step.kind == Step::Kind::kPrepare) step.prepared->ready = true;
      if (step.kind == Step::Kind::kDeallocate) std::erase(prepared_.evicted(), step.text);
      if (step.kind == Step::Kind::kPlain && step.text == "BEGIN") begin_pending_ = false;
      step.result = std::move(result);
      break;
    case PGRES_PIPELINE_ABORTED:
      break;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
      if (!error) error = MakeQueryError(raw, step.prepared != nullptr ? step.prepared->name : "script");
      break;
    default:
      broken_ = true;
      throw InternalError("COPY is not supported on this connection");
  }
}

}  // namespace immich::pg
