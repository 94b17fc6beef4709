#include <boost/json/value.hpp>
#include <memory>

#include "platform/config/environment.hpp"
#include "platform/json/json_parse.hpp"
#include "server/core/job_data.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/worker_context.hpp"
#include "server/people/asset_face_detection.hpp"
#include "server/people/facial_recognition.hpp"
#include "server/people/people_feature.hpp"
#include "server/people/person_picture.hpp"

namespace immich {

namespace {

bool HasFlag(const std::string& data, std::string_view name) {
  const json::Document document = json::Document::Parse(data);
  const auto* object = document.root().if_object();
  const auto* flag = object == nullptr ? nullptr : object->if_contains(name);
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

void BindDetection(WorkerContext& context) {
  auto detection = std::make_shared<people::FaceDetection>(context.db, context.jobs, context.config, context.ml);
  context.handlers.On("AssetDetectFaces", [detection](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await detection->Detect(asset);
  });
  context.handlers.On("AssetDetectFacesQueueAll", [detection](const queue::Job& job) -> Task<JobResult> {
    const std::optional<bool> force = ParseJobData(job.data).force;
    co_return co_await detection->QueueAll(force);
  });
}

void BindRecognition(WorkerContext& context) {
  auto recognition =
      std::make_shared<people::FacialRecognition>(context.db, context.jobs, context.config, context.queues);
  context.handlers.On("FacialRecognition", [recognition](const queue::Job& job) -> Task<JobResult> {
    const people::FaceId face(ParseEntityJobData(job.data).id);
    const bool is_deferred = HasFlag(job.data, "deferred");
    co_return co_await recognition->Recognize(face, is_deferred);
  });
  context.handlers.On("FacialRecognitionQueueAll", [recognition](const queue::Job& job) -> Task<JobResult> {
    const bool force = HasFlag(job.data, "force");
    const bool is_nightly = HasFlag(job.data, "nightly");
    co_return co_await recognition->QueueAll(force, is_nightly);
  });
}

}  // namespace

void RegisterPeopleJobs(WorkerContext& context) {
  BindDetection(context);
  BindRecognition(context);
  auto picture = std::make_shared<people::PersonPicture>(context.db, context.config, context.paths, context.media,
                                                         context.events, context.environment.process_invalid_images);
  context.handlers.On("PersonGenerateThumbnail", [picture](const queue::Job& job) -> Task<JobResult> {
    const PersonId person(ParseEntityJobData(job.data).id);
    co_return co_await picture->Make(person);
  });
  context.handlers.On("PersonCleanup", [db = &context.db](const queue::Job&) -> Task<JobResult> {
    people::PersonStore store(*db);
    std::vector<std::string> pictures = co_await store.DeleteEmpty();
    co_await RemoveFiles(std::move(pictures));
    co_return JobResult::Success();
  });
}

}  // namespace immich
