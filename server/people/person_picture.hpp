#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/storage_paths.hpp"
#include "server/people/person_store.hpp"

namespace immich {
class ClientEvents;
class MediaWorkers;
class SystemConfig;
}  // namespace immich

namespace immich::people {

/// Cuts the picture of a person out of the one with the feature face (facts: thumbnails, "Face thumbnail crop").
class PersonPicture {
 public:
  PersonPicture(pg::Pool& db, SystemConfig& config, const StoragePaths& paths, MediaWorkers& media,
                ClientEvents& events, bool process_invalid)
      : db_(db), config_(config), paths_(paths), media_(media), events_(events), process_invalid_(process_invalid) {}

  /// Skipped for persons without a feature face; the owner's clients are told when it is there.
  Task<JobResult> Make(PersonId id);

 private:
  struct Source;
  Task<void> Cut(const Source& source, const std::string& from, std::string to);

  pg::Pool& db_;
  SystemConfig& config_;
  const StoragePaths& paths_;
  MediaWorkers& media_;
  ClientEvents& events_;
  const bool process_invalid_;
};

}  // namespace immich::people
