#include <chrono>

#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/worker_context.hpp"
#include "server/geodata/geodata_feature.hpp"
#include "server/geodata/geodata_import.hpp"

namespace immich {

namespace {

constexpr std::chrono::seconds kRetry{10};

/// Imports what is new. True when the database was lost meanwhile: nothing of the import is stored then.
Task<bool> DatabaseWentAway(geodata::GeodataImport& import) {
  try {
    co_await import.Run();
    co_return false;
  } catch (const Unavailable& error) {
    log::Warn("Geodata", "Places not imported, trying again in {} s: {}", kRetry.count(), error.what());
    co_return true;
  }
}

Task<void> Import(pg::Pool& db, std::string folder) {
  geodata::GeodataImport import(db, std::move(folder));
  while (co_await DatabaseWentAway(import)) {
    co_await SleepFor(kRetry);
  }
}

}  // namespace

void RegisterGeodataJobs(WorkerContext& context) {
  Spawn(context.executor, "geodata import", Import(context.db, context.environment.build_data + "/geodata"));
}

}  // namespace immich
