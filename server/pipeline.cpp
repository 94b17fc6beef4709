#include "server/pipeline.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <unordered_map>

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/assets/asset_notifier.hpp"

namespace immich {

namespace {

using Requests = std::vector<JobSink::Request>;

// What a missing database or Redis answers with; 507 is a full disk, which waiting does not mend.
constexpr int kServiceUnavailable = 503;

bool IsUpload(const FinishedJob& done) {
  return done.source == "upload";
}

JobSink::Request Follow(std::string_view name, const FinishedJob& done) {
  return {.name = name, .data = done.job.data, .options = {}};
}

Requests AfterSidecarCheck(const FinishedJob& done) {
  return {Follow("AssetExtractMetadata", done)};
}

Requests AfterSidecarWrite(const FinishedJob& done) {
  return {{.name = "AssetExtractMetadata", .data = JobDataWithSource(done.id, "sidecar-write"), .options = {}}};
}

/// One storage-template job per asset at a time: its id is the asset's.
Requests AfterMetadata(const FinishedJob& done) {
  JobSink::Request move = Follow("StorageTemplateMigrationSingle", done);
  move.options.job_id = done.id.ToString();
  return {std::move(move)};
}

Requests AfterStorageTemplate(const FinishedJob& done) {
  if (!IsUpload(done) && done.source != "copy") return {};
  return {Follow("AssetGenerateThumbnails", done)};
}

Requests AfterThumbnails(const FinishedJob& done) {
  if (!done.notify && !IsUpload(done)) return {};
  Requests next = {Follow("SmartSearch", done), Follow("AssetDetectFaces", done), Follow("Ocr", done),
                   Follow("AssetDetectObjects", done)};
  if (done.result.is_video) next.push_back(Follow("AssetEncodeVideo", done));
  return next;
}

/// What has no queue of its own is found with what smart search has to do (docs/adr/0012).
Requests AfterSmartSearchQueueAll(const FinishedJob& done) {
  return {Follow("AssetDetectObjectsQueueAll", done)};
}

Requests AfterSmartSearch(const FinishedJob& done) {
  if (!IsUpload(done)) return {};
  return {Follow("AssetDetectDuplicates", done)};
}

Task<void> AnnounceMetadata(AssetNotifier& notifier, const FinishedJob& done) {
  if (done.source == "sidecar-write") co_await notifier.AssetUpdated(AssetId(done.id));
}

Task<void> AnnounceThumbnails(AssetNotifier& notifier, const FinishedJob& done) {
  if ((done.notify || IsUpload(done)) && done.result.is_visible) co_await notifier.UploadReady(AssetId(done.id));
}

Task<void> AnnounceEdit(AssetNotifier& notifier, const FinishedJob& done) {
  co_await notifier.EditReady(AssetId(done.id));
}

// The 19 queues: names are part of the API (facts: queues).
constexpr std::array<std::string_view, 19> kQueues = {"thumbnailGeneration",
                                                      "metadataExtraction",
                                                      "videoConversion",
                                                      "faceDetection",
                                                      "facialRecognition",
                                                      "smartSearch",
                                                      "duplicateDetection",
                                                      "backgroundTask",
                                                      "storageTemplateMigration",
                                                      "migration",
                                                      "search",
                                                      "sidecar",
                                                      "library",
                                                      "notifications",
                                                      "backupDatabase",
                                                      "ocr",
                                                      "workflow",
                                                      "integrityCheck",
                                                      "editor"};

// THE job table. Order: the way of an upload first, then the rest by queue.
constexpr JobRow kJobs[] = {
    {"SidecarCheck", "sidecar", AfterSidecarCheck},
    {"SidecarWrite", "sidecar", AfterSidecarWrite},
    {"SidecarQueueAll", "sidecar"},
    {"AssetExtractMetadata", "metadataExtraction", AfterMetadata, AnnounceMetadata},
    {"AssetExtractMetadataQueueAll", "metadataExtraction"},
    {"StorageTemplateMigrationSingle", "storageTemplateMigration", AfterStorageTemplate},
    {"StorageTemplateMigration", "storageTemplateMigration"},
    {"AssetGenerateThumbnails", "thumbnailGeneration", AfterThumbnails, AnnounceThumbnails},
    {"AssetGenerateThumbnailsQueueAll", "thumbnailGeneration"},
    {"PersonGenerateThumbnail", "thumbnailGeneration"},
    {"SmartSearch", "smartSearch", AfterSmartSearch},
    {"SmartSearchQueueAll", "smartSearch", AfterSmartSearchQueueAll},
    {"AssetDetectObjects", "smartSearch"},
    {"AssetDetectObjectsQueueAll", "smartSearch"},
    {"AssetDetectDuplicates", "duplicateDetection"},
    {"AssetDetectDuplicatesQueueAll", "duplicateDetection"},
    {"AssetDetectFaces", "faceDetection"},
    {"AssetDetectFacesQueueAll", "faceDetection"},
    {"FacialRecognition", "facialRecognition"},
    {"FacialRecognitionQueueAll", "facialRecognition"},
    {"Ocr", "ocr"},
    {"OcrQueueAll", "ocr"},
    {"AssetEncodeVideo", "videoConversion"},
    {"AssetEncodeVideoQueueAll", "videoConversion"},
    {"AssetEditThumbnailGeneration", "editor", nullptr, AnnounceEdit},
    {"AssetDelete", "backgroundTask"},
    {"AssetDeleteCheck", "backgroundTask"},
    {"AssetEmptyTrash", "backgroundTask"},
    {"AuditTableCleanup", "backgroundTask"},
    {"FileDelete", "backgroundTask"},
    {"HlsSessionCleanup", "backgroundTask"},
    {"MemoryCleanup", "backgroundTask"},
    {"MemoryGenerate", "backgroundTask"},
    {"NotificationsCleanup", "backgroundTask"},
    {"PersonCleanup", "backgroundTask"},
    {"SessionCleanup", "backgroundTask"},
    {"TagCleanup", "backgroundTask"},
    {"UserDelete", "backgroundTask"},
    {"UserDeleteCheck", "backgroundTask"},
    {"UserSyncUsage", "backgroundTask"},
    {"VersionCheck", "backgroundTask"},
    {"FileMigrationQueueAll", "migration"},
    {"AssetFileMigration", "migration"},
    {"PersonFileMigration", "migration"},
    {"LibraryScanQueueAll", "library"},
    {"LibrarySyncFilesQueueAll", "library"},
    {"LibrarySyncFiles", "library"},
    {"LibraryScanAssetsQueueAll", "library"},
    {"LibrarySyncAssets", "library"},
    {"LibraryRemoveAsset", "library"},
    {"LibraryDeleteCheck", "library"},
    {"LibraryDelete", "library"},
    {"NotifyUserSignup", "notifications"},
    {"NotifyAlbumInvite", "notifications"},
    {"NotifyAlbumUpdate", "notifications"},
    {"SendMail", "notifications"},
    {"DatabaseBackup", "backupDatabase"},
    {"WorkflowAssetTrigger", "workflow"},
    {"IntegrityUntrackedFilesQueueAll", "integrityCheck"},
    {"IntegrityUntrackedFiles", "integrityCheck"},
    {"IntegrityUntrackedRefresh", "integrityCheck"},
    {"IntegrityMissingFilesQueueAll", "integrityCheck"},
    {"IntegrityMissingFiles", "integrityCheck"},
    {"IntegrityMissingFilesRefresh", "integrityCheck"},
    {"IntegrityChecksumFiles", "integrityCheck"},
    {"IntegrityChecksumFilesRefresh", "integrityCheck"},
    {"IntegrityDeleteReportType", "integrityCheck"},
    {"IntegrityDeleteReports", "integrityCheck"},
};

FinishedJob Describe(const queue::Job& job, const JobResult& result) {
  FinishedJob done{job, result, {}, false, {}};
  boost::system::error_code error;
  const boost::json::value data = boost::json::parse(job.data, error);
  const boost::json::object* fields = error ? nullptr : data.if_object();
  if (fields == nullptr) return done;
  if (const auto* source = fields->if_contains("source"); source != nullptr && source->is_string()) {
    done.source = std::string(source->get_string());
  }
  if (const auto* notify = fields->if_contains("notify")) done.notify = notify->is_bool() && notify->get_bool();
  if (const auto* id = fields->if_contains("id"); id != nullptr && id->is_string()) {
    done.id = Uuid::Parse(std::string_view(id->get_string())).value_or(Uuid{});
  }
  return done;
}

}  // namespace

std::span<const JobRow> JobTable() {
  return kJobs;
}

std::span<const std::string_view> QueueNames() {
  return kQueues;
}

const JobRow* FindJobRow(std::string_view name) {
  static const auto kIndex = [] {
    std::unordered_map<std::string_view, const JobRow*> index;
    for (const JobRow& row : kJobs) index.emplace(row.name, &row);
    return index;
  }();
  const auto found = kIndex.find(name);
  return found == kIndex.end() ? nullptr : found->second;
}

Task<void> PipelineSink::Enqueue(std::vector<Request> requests) {
  std::vector<queue::NewJob> jobs;
  std::vector<const JobRow*> rows;
  jobs.reserve(requests.size());
  for (Request& request : requests) {
    const JobRow* row = FindJobRow(request.name);
    if (row == nullptr) throw InternalError("no row in the job table for " + std::string(request.name));
    jobs.push_back(
        {std::string(row->queue), std::string(row->name), std::move(request.data), std::move(request.options)});
    if (observer_) rows.push_back(row);
  }
  co_await queues_.AddAll(std::move(jobs));
  for (const JobRow* row : rows) observer_(*row);
}

Task<queue::JobStatus> PipelineRunner::Run(const queue::Job& job) {
  for (int attempt = 1;; ++attempt) {
    try {
      co_return co_await RunOnce(job);
    } catch (const Unavailable& error) {
      if (attempt == kAttempts || error.http_status() != kServiceUnavailable) throw;
      log::Warn("Jobs", "{} {} waits: {}", job.name, job.id, error.what());
    }
    co_await until_reachable_();
  }
}

Task<queue::JobStatus> PipelineRunner::RunOnce(const queue::Job& job) {
  const JobHandler* handler = handlers_.Find(job.name);
  if (handler == nullptr) throw InternalError("no handler for job " + job.name);
  const JobResult result = co_await (*handler)(job);
  if (result.status == queue::JobStatus::kFailed) co_return result.status;
  const JobRow* row = FindJobRow(job.name);
  if (row == nullptr) co_return result.status;
  const FinishedJob done = Describe(job, result);
  if (row->followers != nullptr) {
    Requests next = row->followers(done);
    std::erase_if(next, [this](const JobSink::Request& request) { return handlers_.Find(request.name) == nullptr; });
    if (!next.empty()) co_await sink_.Enqueue(std::move(next));
  }
  if (row->announce != nullptr) co_await row->announce(notifier_, done);
  co_return result.status;
}

}  // namespace immich
