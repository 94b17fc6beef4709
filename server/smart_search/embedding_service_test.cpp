#include "server/smart_search/embedding_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "platform/error/error.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/worker_rig.hpp"

namespace immich::smart_search {
namespace {

using immich::testing::FakeMl;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::VectorLiteral;
using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;
using ::testing::ElementsAre;

struct Rig {
  explicit Rig(WorkerRig& worker_rig) : rig(worker_rig) {
    ml->encode_image = [](const std::string&) { return VectorLiteral({1, 2}); };
  }
  Task<AssetId> Add() { return rig.AddAssetWithPreview(); }
  Task<std::int64_t> Vectors() { return QueryNumber(rig.db, "SELECT count(*) FROM smart_search"); }
  Task<void> UseModel(std::string name) {
    api::AdminConfigDto wanted = rig.config.current();
    wanted.machine_learning.clip.model_name = std::move(name);
    co_await rig.config.Save(wanted);
  }

  WorkerRig& rig;
  std::shared_ptr<FakeMl> ml = std::make_shared<FakeMl>();
  EmbeddingService service{rig.db, rig.jobs, rig.config, ml};
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  WithWorkerRig([&](WorkerRig& worker_rig) -> Task<void> {
    Rig rig(worker_rig);
    co_await body(rig);
  });
}

TEST(EmbeddingServiceTest, StoresTheVectorOfThePreview) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    for (int i = 0; i < 2; ++i) {
      const JobResult result = co_await rig.service.Encode(asset);
      EXPECT_EQ(result.status, queue::JobStatus::kSuccess);
    }
    EXPECT_EQ(co_await rig.Vectors(), 1);
    EXPECT_EQ(rig.ml->asked[0].first, "ViT-B-32__openai");
    EXPECT_EQ(rig.ml->asked[0].second, "/data/" + asset.ToString() + ".jpeg");
    const std::string stored = co_await QueryText(rig.rig.db, "SELECT embedding::text FROM smart_search");
    EXPECT_TRUE(stored.starts_with("[1,2,0,0,")) << stored;
  });
}

TEST(EmbeddingServiceTest, SkipsWhatIsHiddenGoneOrSwitchedOff) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.rig.db.RunScript("UPDATE asset SET visibility = 'hidden'");
    EXPECT_EQ((co_await rig.service.Encode(asset)).status, queue::JobStatus::kSkipped);
    EXPECT_EQ((co_await rig.service.Encode(AssetId::Random())).status, queue::JobStatus::kSkipped);
    api::AdminConfigDto wanted = rig.rig.config.current();
    wanted.machine_learning.clip.enabled = false;
    co_await rig.rig.config.Save(wanted);
    co_await rig.rig.db.RunScript("UPDATE asset SET visibility = 'timeline'");
    EXPECT_EQ((co_await rig.service.Encode(asset)).status, queue::JobStatus::kSkipped);
    EXPECT_TRUE(rig.ml->asked.empty());
  });
}

TEST(EmbeddingServiceTest, FailsWithoutPreviewAndWithoutAService) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId bare = co_await rig.rig.AddAsset("/data/b.jpg");
    const AssetId asset = co_await rig.Add();
    rig.ml->encode_image = nullptr;
    int failures = 0;
    for (const AssetId& id : {bare, asset}) {
      try {
        co_await rig.service.Encode(id);
      } catch (const InternalError&) {
        ++failures;
      }
    }
    EXPECT_EQ(failures, 2);
    EXPECT_EQ(co_await rig.Vectors(), 0);
  });
}

TEST(EmbeddingServiceTest, AnotherModelForgetsVectorsAndAnotherLengthAltersTheColumn) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.service.Encode(asset);
    co_await rig.UseModel("RN101__openai");
    co_await rig.service.AdoptModel();
    EXPECT_EQ(co_await rig.Vectors(), 0);
    co_await rig.UseModel("ViT-L-14__openai");
    rig.ml->encode_image = [](const std::string&) { return VectorLiteral({3}, 768); };
    co_await rig.service.Encode(asset);
    EXPECT_EQ(co_await rig.Vectors(), 1);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, "SELECT vector_dims(embedding)::bigint FROM smart_search"), 768);
    EXPECT_EQ(co_await QueryText(rig.rig.db, "SELECT indexdef FROM pg_indexes WHERE indexname = 'clip_index'"),
              "CREATE INDEX clip_index ON public.smart_search USING hnsw (embedding vector_cosine_ops) "
              "WITH (ef_construction='300', m='16')");
  });
}

TEST(EmbeddingServiceTest, VectorsOfADatabaseOfTheOriginalAreKept) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.rig.db.RunScript(
        fmt::format(R"(INSERT INTO smart_search VALUES ('{}', '{}'))", asset.ToString(), VectorLiteral({5})));
    co_await rig.service.AdoptModel();
    EXPECT_EQ(co_await rig.Vectors(), 1);
  });
}

TEST(EmbeddingServiceTest, AVectorOfTheLastModelIsNotStored) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.service.AdoptModel();
    EmbeddingService other{rig.rig.db, rig.rig.jobs, rig.rig.config, rig.ml};
    rig.ml->encode_image = [&](const std::string&) { return VectorLiteral({1}); };
    // Another worker already follows a new configuration.
    co_await rig.rig.db.RunScript("UPDATE plus.embedding_model SET name = 'RN101__openai'");
    bool failed = false;
    try {
      co_await rig.service.Encode(asset);
    } catch (const InternalError&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(co_await rig.Vectors(), 0);
  });
}

TEST(EmbeddingServiceTest, QueuesWhatIsMissingOrEverything) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId first = co_await rig.Add();
    const AssetId second = co_await rig.Add();
    co_await rig.rig.AddAsset("/data/no preview.jpg");
    co_await rig.service.Encode(first);
    co_await rig.service.QueueAll(false);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("SmartSearch"));
    EXPECT_EQ(rig.rig.jobs.queued[0].data, JobDataWithId(second.value));
    co_await rig.service.QueueAll(true);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 3);
    EXPECT_EQ(co_await rig.Vectors(), 0);
  });
}

}  // namespace
}  // namespace immich::smart_search
