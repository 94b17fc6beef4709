#include "server/people/facial_recognition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/queue/job_queue.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/system_config.hpp"
#include "server/core/system_metadata.hpp"
#include "server/core/vector_walk.hpp"
#include "server/people/person_service.hpp"
#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

// Key of system_metadata, shared with the original: {"lastRun": time}.
constexpr std::string_view kStateKey = "facial-recognition-state";
constexpr std::chrono::milliseconds kDetectionPoll{1000};

bool IsOn(const api::AdminConfigMachineLearningDto& config) {
  return config.enabled && config.facial_recognition.enabled;
}

/// $1 owner, $2 vector, $3 how many, $4 only faces with a person, $5 when the picture was taken: who was born later is
/// not in it.
std::string NearestStatement(bool exact) {
  return fmt::format(R"(SELECT f.id, f."personId", s.embedding <=> ($2::text)::vector AS distance
FROM face_search s
JOIN asset_face f ON f.id = s."faceId"
JOIN asset a ON a.id = f."assetId"
LEFT JOIN person p ON p.id = f."personId"
WHERE a."ownerId" = $1 AND a."deletedAt" IS NULL AND f."deletedAt" IS NULL
  AND (NOT $4::boolean OR f."personId" IS NOT NULL)
  AND (p."birthDate" IS NULL OR p."birthDate" <= ($5::timestamptz)::date)
ORDER BY {}
LIMIT $3)",
                     exact ? "(s.embedding <=> ($2::text)::vector) + 0" : "distance");
}

std::optional<TimePoint> LastRun(const std::optional<std::string>& state) {
  if (!state) return std::nullopt;
  try {
    const json::Document document = json::Document::Parse(*state);
    const auto* object = document.root().if_object();
    const auto* last_run = object == nullptr ? nullptr : object->if_contains("lastRun");
    if (last_run == nullptr || !last_run->is_string()) return std::nullopt;
    return ParseIso(std::string_view(last_run->get_string()));
  } catch (const BadRequest&) {
    return std::nullopt;
  }
}

}  // namespace

struct FacialRecognition::Face {
  UserId owner;
  std::optional<PersonId> person;
  bool is_found = false;
  bool is_in_timeline = false;
  TimePoint taken_at;
  std::optional<std::string> vector;
};

struct FacialRecognition::Neighbor {
  FaceId id;
  std::optional<PersonId> person;
  double distance = 0;
};

struct FacialRecognition::Decision {
  JobResult result = JobResult::Skipped();
  bool is_to_be_deferred = false;
  std::optional<PersonId> made;
};

Task<std::optional<FacialRecognition::Face>> FacialRecognition::Load(pg::Db& db, FaceId id) {
  pg::Params params{id};
  const pg::Result rows = co_await db.Run(sql::kRecognitionFaceGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  Face face;
  face.owner = rows[0].Get<UserId>(0);
  face.person = rows[0].Find<PersonId>(1);
  face.is_found = rows[0].Get<std::string_view>(2) == "machine-learning";
  face.is_in_timeline = rows[0].Get<std::string_view>(3) == "timeline";
  face.taken_at = rows[0].Get<TimePoint>(4);
  face.vector = rows[0].Find<std::string>(5);
  co_return face;
}

Task<std::vector<FacialRecognition::Neighbor>> FacialRecognition::Nearest(pg::Transaction& tx, const Face& face,
                                                                          std::int64_t count, bool with_person) {
  pg::Params params{face.owner, *face.vector, count, with_person, face.taken_at};
  pg::Params again = params;
  pg::Result rows = co_await tx.RunDynamic(NearestStatement(false), std::move(params));
  if (std::ssize(rows) < count) rows = co_await tx.RunDynamic(NearestStatement(true), std::move(again));
  const double max_distance = config_.current().machine_learning.facial_recognition.max_distance;
  std::vector<Neighbor> neighbors;
  for (const pg::Row row : rows) {
    Neighbor neighbor{row.Get<FaceId>(0), row.Find<PersonId>(1), row.Get<double>(2)};
    if (neighbor.distance <= max_distance) neighbors.push_back(std::move(neighbor));
  }
  std::ranges::sort(neighbors, {}, [](const Neighbor& n) { return std::pair(n.distance, n.id); });
  co_return neighbors;
}

Task<FacialRecognition::Decision> FacialRecognition::Decide(pg::Transaction& tx, const Face& face, FaceId id) {
  Decision decision;
  const std::int64_t enough = config_.current().machine_learning.facial_recognition.min_faces;
  co_await tx.RunDynamic(VectorWalkSettings(enough));
  const std::vector<Neighbor> matches = co_await Nearest(tx, face, enough, false);
  if (enough > 1 && matches.size() <= 1) co_return decision;
  const bool is_core = std::ssize(matches) >= enough && face.is_in_timeline;
  const auto with_person = std::ranges::find_if(matches, [](const Neighbor& n) { return n.person.has_value(); });
  std::optional<PersonId> person = with_person == matches.end() ? std::nullopt : with_person->person;
  if (!is_core && !person) {
    decision.is_to_be_deferred = true;
  }
  if (!person) {
    const std::vector<Neighbor> nearest = co_await Nearest(tx, face, 1, true);
    if (!nearest.empty()) person = nearest[0].person;
  }
  PersonStore store(tx);
  if (!person && is_core) {
    PersonChange values;
    values.feature_face = id;
    const Person made = co_await store.Insert(face.owner, std::move(values));
    person = decision.made = PersonId(made.view.id);
  }
  if (!person) co_return decision;
  pg::Params params{id, *person};
  co_await tx.Run(sql::kRecognitionAssign, std::move(params));
  decision.is_to_be_deferred = false;
  decision.result = JobResult::Success();
  co_return decision;
}

Task<JobResult> FacialRecognition::Recognize(FaceId id, bool is_deferred) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  const std::optional<Face> known = co_await Load(db_, id);
  if (!known || !known->is_found || known->person || !known->vector) co_return JobResult::Skipped();
  Decision decision;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    decision = {};
    pg::Params owner{known->owner};
    co_await tx.Run(sql::kRecognitionOwnerLock, std::move(owner));
    // Another worker may have been faster.
    const std::optional<Face> face = co_await Load(tx, id);
    if (face && !face->person && face->vector) decision = co_await Decide(tx, *face, id);
  });
  if (decision.made) {
    const std::vector<PersonId> made{*decision.made};
    co_await QueuePersonThumbnails(jobs_, made);
  }
  if (decision.is_to_be_deferred && !is_deferred) {
    JobSink::Request later{.name = "FacialRecognition", .data = "", .options = {}};
    later.data = fmt::format(R"({{"id":"{}","deferred":true}})", id.ToString());
    co_await jobs_.Enqueue(std::move(later));
  }
  co_return decision.result;
}

Task<void> FacialRecognition::WaitForDetection() {
  const std::vector<std::string> sources{"thumbnailGeneration", "faceDetection"};
  for (;;) {
    std::int64_t busy = 0;
    // What is paused does not come to an end.
    for (const queue::QueueCounts& counts : co_await queues_.CountsOf(sources)) busy += counts.active + counts.waiting;
    if (busy == 0) co_return;
    co_await SleepFor(kDetectionPoll);
  }
}

Task<bool> FacialRecognition::IsWaiting() {
  const queue::QueueCounts counts = co_await queues_.Counts("facialRecognition");
  co_return counts.waiting > 0;
}

Task<void> FacialRecognition::ForgetAll() {
  co_await db_.Run(sql::kRecognitionFacesUnassign);
  PersonStore store(db_);
  std::vector<std::string> pictures = co_await store.DeleteEmpty();
  co_await RemoveFiles(std::move(pictures));
}

Task<JobResult> FacialRecognition::QueueAll(bool force, bool is_nightly) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  co_await WaitForDetection();
  SystemMetadata metadata(db_);
  if (is_nightly) {
    if (const auto last_run = LastRun(co_await metadata.Find(kStateKey))) {
      pg::Params params{*last_run};
      const pg::Result behind = co_await db_.Run(sql::kRecognitionIsBehind, std::move(params));
      if (!behind[0].Get<bool>(0)) co_return JobResult::Skipped();
    }
  }
  if (!force && co_await IsWaiting()) co_return JobResult::Skipped();
  const std::string state = fmt::format(R"({{"lastRun":"{}"}})", ToIsoString(Now()));
  if (force) co_await ForgetAll();
  co_await EnqueueForEach(db_, jobs_, sql::kRecognitionFacesList, pg::Params{}, "FacialRecognition");
  co_await metadata.Set(kStateKey, state);
  co_return JobResult::Success();
}

}  // namespace immich::people
