#include "server/queues/queue_commands.hpp"

#include <fmt/format.h>

namespace immich::queues {

namespace {

struct QueueStart {
  api::QueueName queue;
  std::string_view job;
};

using Queue = api::QueueName;

// Queues that are not here are fed by other queues or by events alone.
constexpr QueueStart kStarts[] = {
    {Queue::kThumbnailGeneration, "AssetGenerateThumbnailsQueueAll"},
    {Queue::kMetadataExtraction, "AssetExtractMetadataQueueAll"},
    {Queue::kVideoConversion, "AssetEncodeVideoQueueAll"},
    {Queue::kFaceDetection, "AssetDetectFacesQueueAll"},
    {Queue::kFacialRecognition, "FacialRecognitionQueueAll"},
    {Queue::kSmartSearch, "SmartSearchQueueAll"},
    {Queue::kDuplicateDetection, "AssetDetectDuplicatesQueueAll"},
    {Queue::kStorageTemplateMigration, "StorageTemplateMigration"},
    {Queue::kMigration, "FileMigrationQueueAll"},
    {Queue::kSidecar, "SidecarQueueAll"},
    {Queue::kLibrary, "LibraryScanQueueAll"},
    {Queue::kBackupDatabase, "DatabaseBackup"},
    {Queue::kOcr, "OcrQueueAll"},
};

struct ManualStart {
  api::ManualJobName name;
  std::string_view job;
  std::string_view data = "{}";
};

using Manual = api::ManualJobName;

constexpr ManualStart kManual[] = {
    {Manual::kPersonCleanup, "PersonCleanup"},
    {Manual::kTagCleanup, "TagCleanup"},
    {Manual::kUserCleanup, "UserDeleteCheck"},
    {Manual::kMemoryCleanup, "MemoryCleanup"},
    {Manual::kMemoryCreate, "MemoryGenerate"},
    {Manual::kBackupDatabase, "DatabaseBackup"},
    {Manual::kIntegrityMissingFiles, "IntegrityMissingFilesQueueAll"},
    {Manual::kIntegrityUntrackedFiles, "IntegrityUntrackedFilesQueueAll"},
    {Manual::kIntegrityChecksumMismatch, "IntegrityChecksumFiles"},
    {Manual::kIntegrityMissingFilesRefresh, "IntegrityMissingFilesQueueAll", R"({"refreshOnly":true})"},
    {Manual::kIntegrityUntrackedFilesRefresh, "IntegrityUntrackedFilesQueueAll", R"({"refreshOnly":true})"},
    {Manual::kIntegrityChecksumMismatchRefresh, "IntegrityChecksumFiles", R"({"refreshOnly":true})"},
    {Manual::kIntegrityMissingFilesDeleteAll, "IntegrityDeleteReportType", R"({"type":"missing_file"})"},
    {Manual::kIntegrityUntrackedFilesDeleteAll, "IntegrityDeleteReportType", R"({"type":"untracked_file"})"},
    {Manual::kIntegrityChecksumMismatchDeleteAll, "IntegrityDeleteReportType", R"({"type":"checksum_mismatch"})"},
};

/// Jobs of which a second one waiting would do the same work again (facts: queues, deduplication).
bool IsSingle(std::string_view job) {
  return job == "DatabaseBackup" || job == "FacialRecognitionQueueAll";
}

JobSink::Request MakeRequest(std::string_view job, std::string data) {
  JobSink::Request request{.name = job, .data = std::move(data), .options = {}};
  if (IsSingle(job)) request.options.job_id = std::string(job);
  return request;
}

}  // namespace

std::optional<JobSink::Request> StartJob(api::QueueName queue, std::optional<bool> force) {
  for (const QueueStart& start : kStarts) {
    if (start.queue != queue) continue;
    std::string data = force ? fmt::format(R"({{"force":{}}})", *force) : "{}";
    return MakeRequest(start.job, std::move(data));
  }
  return std::nullopt;
}

JobSink::Request ManualJob(api::ManualJobName name) {
  for (const ManualStart& start : kManual) {
    if (start.name == name) return MakeRequest(start.job, std::string(start.data));
  }
  return {};
}

}  // namespace immich::queues
