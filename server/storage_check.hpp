#pragma once

#include "platform/async/task.hpp"

namespace immich {

class StoragePaths;
namespace pg {
class Pool;
}

/// Makes sure that the media location is the one this database belongs to: every folder must hold a `.immich` file that
/// can be read and written. They are made once, on the first start; later a missing one means that a volume is not
/// mounted. Throws InternalError naming the folder and what to do, or only warns when `ignore_errors`.
Task<void> CheckStorage(pg::Pool& db, const StoragePaths& paths, bool ignore_errors);

}  // namespace immich
