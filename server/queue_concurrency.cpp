#include "server/queue_concurrency.hpp"

#include <algorithm>

namespace immich {

namespace {

struct ConfigurableQueue {
  std::string_view queue;
  api::AdminConfigJobSettingsDto api::AdminConfigJobDto::* settings;
};

using Jobs = api::AdminConfigJobDto;
constexpr ConfigurableQueue kConfigurable[] = {
    {"thumbnailGeneration", &Jobs::thumbnail_generation},
    {"metadataExtraction", &Jobs::metadata_extraction},
    {"videoConversion", &Jobs::video_conversion},
    {"faceDetection", &Jobs::face_detection},
    {"smartSearch", &Jobs::smart_search},
    {"backgroundTask", &Jobs::background_task},
    {"migration", &Jobs::migration},
    {"search", &Jobs::search},
    {"sidecar", &Jobs::sidecar},
    {"library", &Jobs::library},
    {"notifications", &Jobs::notifications},
    {"ocr", &Jobs::ocr},
    {"workflow", &Jobs::workflow},
    {"integrityCheck", &Jobs::integrity_check},
    {"editor", &Jobs::editor},
};

}  // namespace

std::size_t QueueConcurrency(const api::AdminConfigDto& config, std::string_view queue) {
  for (const ConfigurableQueue& row : kConfigurable) {
    if (row.queue == queue)
      return static_cast<std::size_t>(std::max<std::int64_t>((config.job.*row.settings).concurrency, 1));
  }
  return 1;
}

}  // namespace immich
