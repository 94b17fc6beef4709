#pragma once

namespace immich {

/// Prints `implemented|501 METHOD path` for every operation of the contract. Returns the exit code.
int ListRoutes();

}  // namespace immich
