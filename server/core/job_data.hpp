#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/uuid/uuid.hpp"

namespace immich {

/// The members jobs of the pipeline carry.
struct JobData {
  /// Nil when absent.
  Uuid id;
  std::string source;
  bool notify = false;
  /// true: all; false: what is missing; absent: the job's own idea of a refresh.
  std::optional<bool> force;
};

/// Throws BadRequest unless `text` is a JSON object; members of other types count as absent.
JobData ParseJobData(std::string_view text);
/// ParseJobData for jobs about one entity; throws BadRequest without a valid `id`.
JobData ParseEntityJobData(std::string_view text);

}  // namespace immich
