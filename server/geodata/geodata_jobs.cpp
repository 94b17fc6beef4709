#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "server/core/worker_context.hpp"
#include "server/geodata/geodata_feature.hpp"
#include "server/geodata/geodata_import.hpp"

namespace immich {

namespace {

Task<void> Import(pg::Pool& db, std::string folder) {
  geodata::GeodataImport import(db, std::move(folder));
  co_await import.Run();
}

}  // namespace

void RegisterGeodataJobs(WorkerContext& context) {
  Spawn(context.executor, "geodata import", Import(context.db, context.environment.build_data + "/geodata"));
}

}  // namespace immich
