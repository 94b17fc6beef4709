#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>
#include <fstream>
#include <set>

#include "ml/models/objects/object_box.hpp"
#include "ml/models/objects/object_head.hpp"
#include "ml/models/testing/model_bench.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

using testing::ModelBench;

Tensor FloatTensor(Shape shape, const std::vector<float>& values) {
  Tensor tensor = Tensor::Make<float>(std::move(shape));
  std::copy(values.begin(), values.end(), tensor.As<float>().begin());
  return tensor;
}

TensorInfo Info(Shape shape, ElementType type = ElementType::kFloat32) {
  return {"output", type, std::move(shape)};
}

std::vector<ObjectBox> Read(const std::vector<TensorInfo>& infos, const std::vector<Tensor>& outputs,
                            std::size_t label_count = 0) {
  return ReadObjectBoxes(FindObjectHead(infos, label_count), outputs, 0.5F, 640, 320);
}

void ExpectBox(const ObjectBox& box, float x1, float y1, float x2, float y2, int label, float score) {
  EXPECT_NEAR(box.x1, x1, 1e-3);
  EXPECT_NEAR(box.y1, y1, 1e-3);
  EXPECT_NEAR(box.x2, x2, 1e-3);
  EXPECT_NEAR(box.y2, y2, 1e-3);
  EXPECT_EQ(box.label, label);
  EXPECT_NEAR(box.score, score, 1e-4);
}

TEST(ObjectHead, ReadsRowsWithSuppressionInTheGraph) {
  const auto boxes = Read({Info({1, 300, 6})}, {FloatTensor({1, 2, 6}, {1, 2, 30, 40, 0.9F, 3, 5, 6, 7, 8, 0.4F, 1})});
  ASSERT_EQ(boxes.size(), 1u);
  ExpectBox(boxes[0], 1, 2, 30, 40, 3, 0.9F);
  const auto batched = Read({Info({-1, 7})}, {FloatTensor({1, 7}, {0, 1, 2, 30, 40, 5, 0.8F})});
  ASSERT_EQ(batched.size(), 1u);
  ExpectBox(batched[0], 1, 2, 30, 40, 5, 0.8F);
}

TEST(ObjectHead, ReadsColumnsOfYolo8) {
  // Two candidates, three labels: fields run over all candidates.
  const auto boxes = Read({Info({1, 7, 8400})}, {FloatTensor({1, 7, 2}, {100, 50, 60, 70, 20, 10, 40, 30,  // boxes
                                                                         0.1F, 0.2F, 0.7F, 0.3F, 0.2F, 0.1F})});
  ASSERT_EQ(boxes.size(), 1u);
  ExpectBox(boxes[0], 90, 40, 110, 80, 1, 0.7F);
}

TEST(ObjectHead, ReadsAnchorsOfYolo5) {
  const auto boxes = Read({Info({1, 25200, 85})}, {FloatTensor({1, 2, 8}, {100, 60, 20, 40, 0.9F, 0.1F, 0.8F, 0.2F,  //
                                                                           100, 60, 20, 40, 0.55F, 0.1F, 0.8F, 0.2F})});
  ASSERT_EQ(boxes.size(), 1u);
  ExpectBox(boxes[0], 90, 40, 110, 80, 1, 0.72F);
}

TEST(ObjectHead, ReadsQueriesOfDetr) {
  const auto sigmoid = Read({Info({1, 300, 80}), Info({1, 300, 4})},
                            {FloatTensor({1, 1, 3}, {-4, 2, 0}), FloatTensor({1, 1, 4}, {0.5F, 0.5F, 0.25F, 0.5F})});
  ASSERT_EQ(sigmoid.size(), 1u);
  ExpectBox(sigmoid[0], 240, 80, 400, 240, 1, 1 / (1 + std::exp(-2.0F)));
  const auto softmax = Read({Info({1, 100, 92}), Info({1, 100, 4})},
                            {FloatTensor({1, 2, 3}, {1, 4, 2, 0, 1, 9}),
                             FloatTensor({1, 2, 4}, {0.5F, 0.5F, 0.25F, 0.5F, 0.1F, 0.1F, 0.1F, 0.1F})});
  ASSERT_EQ(softmax.size(), 1u);
  const float total = std::exp(1.0F) + std::exp(4.0F) + std::exp(2.0F);
  ExpectBox(softmax[0], 240, 80, 400, 240, 1, std::exp(4.0F) / total);
}

TEST(ObjectHead, ReadsBoxesLabelsAndScoresApart) {
  Tensor labels = Tensor::Make<std::int64_t>({2});
  labels.As<std::int64_t>()[0] = 7;
  labels.As<std::int64_t>()[1] = 2;
  const auto boxes = Read({Info({-1, 4}), Info({-1}, ElementType::kInt64), Info({-1})},
                          {FloatTensor({2, 4}, {1, 2, 3, 4, 10, 20, 30, 40}), labels, FloatTensor({2}, {0.2F, 0.6F})});
  ASSERT_EQ(boxes.size(), 1u);
  ExpectBox(boxes[0], 10, 20, 30, 40, 2, 0.6F);
}

TEST(ObjectHead, PrefersRowsToMapsBesideThem) {
  EXPECT_EQ(FindObjectHead({Info({1, 100, 6}), Info({1, 128, 128, 4}), Info({1, 128, 128, 80})}, 0).kind,
            ObjectHeadKind::kRows);
}

TEST(ObjectHead, RefusesOtherOutputs) {
  EXPECT_THROW(FindObjectHead({Info({1, 1000})}, 0), ModelLoadError);
  EXPECT_THROW(FindObjectHead({Info({1, 3, 2})}, 0), ModelLoadError);
  EXPECT_THROW(FindObjectHead({Info({}), Info({})}, 0), ModelLoadError);
}

TEST(ObjectBox, SuppressionIsPerLabel) {
  const auto kept = SuppressPerLabel(
      {{0, 0, 10, 10, 0.6F, 1}, {1, 1, 11, 11, 0.9F, 1}, {1, 1, 11, 11, 0.8F, 2}, {50, 50, 60, 60, 0.5F, 1}}, 0.5F);
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_FLOAT_EQ(kept[0].score, 0.9F);
  EXPECT_FLOAT_EQ(kept[1].score, 0.8F);
  EXPECT_FLOAT_EQ(kept[2].score, 0.5F);
}

class CocoDetector : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_MODEL(model, "coco/centernet.onnx");
    if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
    model_ = bench_.Load("object-detection", "detection", {{"model.onnx", model}});
  }
  std::multiset<std::string> LabelsOf(const std::string& picture, const std::string& options = "{}") {
    const ModelInput input = testing::PictureInput(testing::MediaFolder() / picture);
    const auto output = testing::RunModel(*model_, input, options);
    const json::Document document = json::Document::Parse(output->ToJson());
    std::multiset<std::string> labels;
    for (const auto& object : document.root().as_array()) {
      labels.emplace(object.at("label").as_string());
      EXPECT_GE(object.at("score").to_number<double>(), 0);
      const auto& box = object.at("boundingBox");
      EXPECT_LT(box.at("x1").to_number<double>(), box.at("x2").to_number<double>());
      EXPECT_LE(box.at("y2").to_number<double>(), input.image->height());
    }
    return labels;
  }
  ModelBench bench_;
  std::unique_ptr<ModelTask> model_;
};

TEST_F(CocoDetector, FindsPersonBicycleAndClock) {
  EXPECT_TRUE(LabelsOf("faces/portrait.jpg").contains("person"));
  const auto shop = LabelsOf("albums/text/japanese-shop.jpg");
  EXPECT_TRUE(shop.contains("bicycle"));
  EXPECT_TRUE(shop.contains("clock"));
  EXPECT_TRUE(LabelsOf("albums/text/japanese-shop.jpg", R"({"minScore":0.999})").empty());
}

TEST_F(CocoDetector, UsesTheLabelsBesideTheGraph) {
  const auto folder = bench_.TypeFolder("object-detection", "detection");
  {
    std::ofstream labels(folder / "labels.txt");
    labels << "human\nbike\n";
  }
  model_ = bench_.Load("object-detection", "detection", {});
  const auto found = LabelsOf("faces/portrait.jpg");
  EXPECT_TRUE(found.contains("human"));
  EXPECT_FALSE(found.contains("person"));
}

TEST_F(CocoDetector, RefusesBadOptionsAndOtherGraphs) {
  EXPECT_THROW(LabelsOf("faces/portrait.jpg", R"({"minScore":2})"), BadRequest);
  EXPECT_THROW(
      bench_.Load("object-detection", "detection", {{"model.onnx", testing::FindModel("concept-clip/textual.onnx")}}),
      ModelLoadError);
}

}  // namespace
}  // namespace immich::ml
