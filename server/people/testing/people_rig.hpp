#pragma once

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/testing/query_value.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/worker_rig.hpp"
#include "server/people/asset_face_detection.hpp"
#include "server/people/facial_recognition.hpp"

namespace immich::people {

/// For tests: detection and recognition on a database of their own, with a machine learning that says what the test
/// wants.
struct PeopleRig {
  explicit PeopleRig(immich::testing::WorkerRig& worker_rig) : rig(worker_rig) {}

  /// Vector of a face that looks like `degrees`: faces a few degrees apart are the same person.
  static std::string Looks(double degrees) {
    const double radians = degrees * 3.14159265358979 / 180;
    return immich::testing::VectorLiteral({std::cos(radians), std::sin(radians)});
  }
  static FoundFace FaceAt(int x, double degrees) {
    return {.box = {x, 10, x + 20, 30}, .score = 0.9, .embedding = Looks(degrees)};
  }

  Task<AssetId> AddAsset(std::string path = "/data/a.jpg") { return rig.AddAssetWithPreview(std::move(path)); }
  /// A picture with one face, detected.
  Task<FaceId> AddFace(double degrees) {
    const AssetId asset = co_await AddAsset();
    ml->find_faces = [degrees](const std::string&) {
      return FaceReading{.image_width = 100, .image_height = 100, .faces = {FaceAt(10, degrees)}};
    };
    co_await detection.Detect(asset);
    const std::string id = co_await immich::testing::QueryText(
        rig.db, fmt::format(R"(SELECT id::text FROM asset_face WHERE "assetId" = '{}')", asset.ToString()));
    co_return FaceId(*Uuid::Parse(id));
  }
  Task<std::int64_t> Count(std::string from) {
    co_return co_await immich::testing::QueryNumber(rig.db, "SELECT count(*) FROM " + from);
  }
  /// Runs the queued FacialRecognition jobs, and those they queue, in order.
  Task<void> RecognizeAll() {
    for (std::size_t i = 0; i < rig.jobs.queued.size(); ++i) {
      const JobSink::Request request = rig.jobs.queued[i];
      if (request.name != "FacialRecognition") continue;
      const FaceId face(*Uuid::Parse(request.data.substr(7, 36)));
      co_await recognition.Recognize(face, request.data.find("deferred") != std::string::npos);
    }
    rig.jobs.queued.clear();
  }

  immich::testing::WorkerRig& rig;
  std::shared_ptr<immich::testing::FakeMl> ml = std::make_shared<immich::testing::FakeMl>();
  FaceDetection detection{rig.db, rig.jobs, rig.config, ml};
  FacialRecognition recognition{rig.db, rig.jobs, rig.config, rig.queues};
};

inline void WithPeople(const std::function<Task<void>(PeopleRig&)>& body) {
  immich::testing::WithWorkerRig([&](immich::testing::WorkerRig& worker_rig) -> Task<void> {
    PeopleRig rig(worker_rig);
    co_await body(rig);
  });
}

}  // namespace immich::people
