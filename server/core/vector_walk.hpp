#pragma once

#include <cstdint>
#include <string>

namespace immich {

/// Settings of a walk over a vector index for `wanted` results that pass filters, for the transaction that runs it
/// (`SELECT set_config…`): the walk goes on until enough are found or it has seen hnsw.max_scan_tuples. What the
/// installed pgvector does not know (before 0.8) is left out. The result may be short: then every candidate has to be
/// compared.
std::string VectorWalkSettings(std::int64_t wanted);

}  // namespace immich
