#include "server/people/asset_face_detection.hpp"

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/system_config.hpp"
#include "server/people/face_match.hpp"
#include "server/people/person_service.hpp"
#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

bool IsOn(const api::AdminConfigMachineLearningDto& config) {
  return config.enabled && config.facial_recognition.enabled;
}

Task<std::vector<KnownFace>> ListKnown(pg::Db& db, AssetId asset) {
  pg::Params params{asset};
  std::vector<KnownFace> known;
  for (const pg::Row row : co_await db.Run(sql::kDetectionFacesList, std::move(params))) {
    known.push_back({.id = row.Get<FaceId>(0),
                     .is_found = row.Get<std::string_view>(1) == "machine-learning",
                     .box = {row.Get<int>(2), row.Get<int>(3), row.Get<int>(4), row.Get<int>(5)},
                     .image_width = row.Get<int>(6),
                     .image_height = row.Get<int>(7)});
  }
  co_return known;
}

Task<std::vector<FaceId>> InsertAdded(pg::Db& db, AssetId asset, const FaceReading& reading, const FaceMatch& match) {
  std::vector<FaceId> ids;
  std::vector<std::int64_t> x1, y1, x2, y2;
  for (const std::size_t i : match.added) {
    const PixelBox& box = reading.faces[i].box;
    ids.push_back(FaceId::Random());
    x1.push_back(box.x1);
    y1.push_back(box.y1);
    x2.push_back(box.x2);
    y2.push_back(box.y2);
  }
  if (ids.empty()) co_return ids;
  pg::Params params{asset, reading.image_width, reading.image_height, ids, x1, y1, x2, y2};
  co_await db.Run(sql::kDetectionFacesInsert, std::move(params));
  co_return ids;
}

Task<void> StoreVectors(pg::Db& db, const FaceReading& reading, const FaceMatch& match,
                        const std::vector<FaceId>& added) {
  std::vector<FaceId> faces = added;
  std::vector<std::string> vectors;
  for (const std::size_t i : match.added) vectors.push_back(reading.faces[i].embedding);
  for (const auto& [face, i] : match.confirmed) {
    faces.push_back(face);
    vectors.push_back(reading.faces[i].embedding);
  }
  if (faces.empty()) co_return;
  pg::Params params{faces, vectors};
  co_await db.Run(sql::kDetectionVectorsUpsert, std::move(params));
}

}  // namespace

Task<std::vector<FaceId>> FaceDetection::Store(AssetId asset, const FaceReading& reading) {
  std::vector<FaceId> added;
  std::vector<PersonId> renewed;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    added.clear();
    renewed.clear();
    pg::Params lock{asset};
    const pg::Result found = co_await tx.Run(sql::kDetectionAssetLock, std::move(lock));
    if (found.empty()) co_return;
    const std::vector<KnownFace> known = co_await ListKnown(tx, asset);
    const FaceMatch match = MatchFaces(known, reading);
    if (!match.lost.empty()) {
      pg::Params lost{match.lost};
      std::vector<PersonId> bereaved;
      for (const pg::Row row : co_await tx.Run(sql::kDetectionFacesDelete, std::move(lost))) {
        if (!row.IsNull(0)) bereaved.push_back(row.Get<PersonId>(0));
      }
      PersonStore store(tx);
      renewed = co_await store.RenewFeatures(std::move(bereaved));
    }
    added = co_await InsertAdded(tx, asset, reading, match);
    co_await StoreVectors(tx, reading, match, added);
    pg::Params done{asset};
    co_await tx.Run(sql::kDetectionDone, std::move(done));
  });
  co_await QueuePersonThumbnails(jobs_, renewed);
  co_return added;
}

Task<JobResult> FaceDetection::Detect(AssetId asset) {
  const auto config = config_.current().machine_learning;
  if (!IsOn(config)) co_return JobResult::Skipped();
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kDetectionSourceGet, std::move(params));
  if (rows.empty() || rows[0].Get<std::string_view>(0) == "hidden") co_return JobResult::Skipped();
  if (rows[0].IsNull(1)) throw InternalError("no preview to look for faces in");
  const auto& settings = config.facial_recognition;
  const FaceReading reading =
      co_await ml_->FindFaces(rows[0].Get<std::string>(1), settings.model_name, settings.min_score);
  const std::vector<FaceId> added = co_await Store(asset, reading);
  if (added.empty()) co_return JobResult::Success();
  std::vector<JobSink::Request> next;
  JobSink::Request all{.name = "FacialRecognitionQueueAll", .data = R"({"force":false})", .options = {}};
  all.options.job_id = "FacialRecognitionQueueAll";
  next.push_back(std::move(all));
  for (const FaceId& face : added) {
    next.push_back({.name = "FacialRecognition", .data = JobDataWithId(face.value), .options = {}});
  }
  co_await jobs_.Enqueue(std::move(next));
  co_return JobResult::Success();
}

Task<void> FaceDetection::ForgetAll() {
  co_await db_.Run(sql::kDetectionFacesDeleteAll);
  PersonStore store(db_);
  std::vector<std::string> pictures = co_await store.DeleteEmpty();
  co_await RemoveFiles(std::move(pictures));
  try {
    // An index most of whose entries are dead answers slowly and badly.
    co_await db_.RunScript("VACUUM ANALYZE asset_face, face_search, person");
    co_await db_.RunScript("REINDEX TABLE face_search");
  } catch (const Error& error) {
    log::Warn("FaceDetection", "Tidying up after all faces were forgotten failed: {}", error.what());
  }
}

Task<JobResult> FaceDetection::QueueAll(std::optional<bool> force) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  if (force == true) co_await ForgetAll();
  const bool all = force != false;
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kDetectionAssetsList, std::move(params), "AssetDetectFaces");
  if (!force) {
    JobSink::Request cleanup{.name = "PersonCleanup", .data = "{}", .options = {}};
    co_await jobs_.Enqueue(std::move(cleanup));
  }
  co_return JobResult::Success();
}

}  // namespace immich::people
