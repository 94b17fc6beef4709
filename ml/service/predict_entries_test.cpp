#include "ml/service/predict_entries.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

namespace immich::ml {
namespace {

TEST(PredictEntries, ReadsTheRecordedForms) {
  const auto clip = ParseEntries(R"({"clip":{"textual":{"modelName":"M","options":{"language":"de"}}}})");
  ASSERT_EQ(clip.tasks.size(), 1u);
  EXPECT_EQ(clip.tasks[0].task, "clip");
  EXPECT_EQ(clip.tasks[0].entries[0].kind->type, "textual");
  EXPECT_EQ(clip.tasks[0].entries[0].model_name, "M");
  EXPECT_EQ(clip.tasks[0].entries[0].options->at("language").as_string(), "de");
  EXPECT_TRUE(clip.NeedsInput(InputKind::kText));
  EXPECT_FALSE(clip.NeedsInput(InputKind::kImage));
  const auto visual = ParseEntries(R"({"clip":{"visual":{"modelName":"M"}}})");
  EXPECT_TRUE(visual.tasks[0].entries[0].options->empty());
}

TEST(PredictEntries, DetectionRunsBeforeRecognitionInAnyOrder) {
  const auto faces = ParseEntries(
      R"({"facial-recognition":{"recognition":{"modelName":"M"},"detection":{"modelName":"M","options":{"minScore":0.7}}}})");
  ASSERT_EQ(faces.tasks[0].entries.size(), 2u);
  EXPECT_EQ(faces.tasks[0].entries[0].kind->type, "detection");
  EXPECT_EQ(faces.tasks[0].entries[1].kind->type, "recognition");
}

TEST(PredictEntries, AMissingDependencyIsABadRequest) {
  EXPECT_THROW(ParseEntries(R"({"facial-recognition":{"recognition":{"modelName":"M"}}})"), BadRequest);
}

TEST(PredictEntries, EverythingElseIsUnprocessable) {
  for (const char* entries :
       {"", "{", "null", "[]", "{}", "1", R"("clip")", R"({"clip":null})", R"({"clip":{}})", R"({"clip":[]})",
        R"({"dance":{"visual":{"modelName":"M"}}})", R"({"clip":{"audio":{"modelName":"M"}}})",
        R"({"clip":{"visual":{}}})", R"({"clip":{"visual":"M"}})", R"({"clip":{"visual":{"modelName":1}}})",
        R"({"clip":{"visual":{"modelName":""}}})", R"({"clip":{"visual":{"modelName":"M","options":[]}}})",
        "{\"clip\":{\"visual\":{\"modelName\":\"\xff\"}}}"}) {
    EXPECT_THROW(ParseEntries(entries), UnprocessableEntries) << entries;
  }
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{\"clip\":";
  EXPECT_THROW(ParseEntries(deep), UnprocessableEntries);
}

}  // namespace
}  // namespace immich::ml
