#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>

#include "ml/models/ocr/ctc_decoder.hpp"
#include "ml/models/ocr/db_decoder.hpp"
#include "ml/models/ocr/min_area_rect.hpp"
#include "ml/models/ocr/text_recognition.hpp"
#include "ml/models/testing/model_bench.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

using testing::ModelBench;

TEST(MinAreaRect, FindsATurnedRectangle) {
  const double angle = 0.3;
  std::vector<Point2> points;
  for (int x = 0; x <= 40; ++x) {
    for (int y = 0; y <= 10; ++y) {
      points.push_back(
          {50 + x * std::cos(angle) - y * std::sin(angle), 30 + x * std::sin(angle) + y * std::cos(angle)});
    }
  }
  const RotatedRect rect = MinAreaRect(points);
  EXPECT_NEAR(std::max(rect.length, rect.breadth), 40, 1e-9);
  EXPECT_NEAR(rect.shorter(), 10, 1e-9);
  const auto corners = rect.Corners();
  EXPECT_NEAR(corners[0].x, 50 - 10 * std::sin(angle) * 0 - 10 * std::sin(angle) * 0, 3.0);
  EXPECT_LT(corners[0].x, corners[1].x);
  EXPECT_LT(corners[0].y, corners[3].y);
  EXPECT_NEAR(rect.Grown(2).shorter(), 14, 1e-9);
}

TEST(MinAreaRect, SurvivesPointsAndLines) {
  EXPECT_EQ(MinAreaRect({{3, 4}}).shorter(), 0);
  EXPECT_EQ(MinAreaRect({{0, 0}, {10, 0}, {5, 0}}).shorter(), 0);
  EXPECT_EQ(ConvexHull({{0, 0}, {2, 0}, {1, 0}, {2, 2}, {0, 2}, {1, 1}}).size(), 4u);
}

/// A map with blocks of text: x, y, width, height, probability.
std::vector<float> MapWith(int width, int height, const std::vector<std::array<float, 5>>& blocks) {
  std::vector<float> map(static_cast<std::size_t>(width * height), 0.05F);
  for (const auto& [left, top, w, h, probability] : blocks) {
    for (int y = static_cast<int>(top); y < static_cast<int>(top + h); ++y) {
      for (int x = static_cast<int>(left); x < static_cast<int>(left + w); ++x) {
        map[static_cast<std::size_t>(y * width + x)] = probability;
      }
    }
  }
  return map;
}

TEST(DbDecoder, BoxesGrowByAreaOverPerimeter) {
  const auto map = MapWith(200, 100, {{20, 30, 60, 10, 0.95F}, {120, 60, 50, 8, 0.55F}, {5, 5, 2, 2, 0.9F}});
  const auto boxes = DecodeTextBoxes(map, 200, 100, 400, 200, {});
  // The second block is too unsure once the edge of its region counts, the third too small.
  ASSERT_EQ(boxes.size(), 1u);
  // Region 20..80 × 30..40 after growing by one pixel: 60 × 10; distance 600 × 1.6 / 140 = 6.86 on every side.
  const double distance = 60 * 10 * 1.6 / 140;
  EXPECT_NEAR(boxes[0].corners[0].x, 2 * (20 - distance), 1);
  EXPECT_NEAR(boxes[0].corners[0].y, 2 * (30 - distance), 1);
  EXPECT_NEAR(boxes[0].corners[2].x, 2 * (80 + distance), 1);
  EXPECT_NEAR(boxes[0].corners[2].y, 2 * (40 + distance), 1);
  EXPECT_GT(boxes[0].score, 0.7F);
}

TEST(DbDecoder, KeepsWithinThePicture) {
  const auto map = MapWith(64, 64, {{0, 0, 64, 64, 1.0F}});
  const auto boxes = DecodeTextBoxes(map, 64, 64, 640, 480, {});
  ASSERT_EQ(boxes.size(), 1u);
  for (const Point2& corner : boxes[0].corners) {
    EXPECT_GE(corner.x, 0);
    EXPECT_LE(corner.x, 639);
    EXPECT_LE(corner.y, 479);
  }
  EXPECT_TRUE(DecodeTextBoxes(MapWith(64, 64, {}), 64, 64, 640, 480, {}).empty());
}

TEST(TextBoxes, AreInReadingOrder) {
  const auto at = [](double x, double y) { return TextBox{{Point2{x, y}, {x + 9, y}, {x + 9, y + 9}, {x, y + 9}}, 1}; };
  std::vector<TextBox> boxes{at(200, 105), at(10, 300), at(100, 100), at(10, 109), at(5, 20)};
  SortForReading(boxes);
  std::vector<double> order;
  for (const TextBox& box : boxes) order.push_back(box.corners[0].x + box.corners[0].y);
  EXPECT_EQ(order, (std::vector<double>{25, 119, 200, 305, 310}));
}

TEST(Ctc, DropsBlanksAndRepetitions) {
  const std::vector<std::string> characters{"a", "日", " "};
  // a a blank a 日 日 space
  const std::vector<float> steps{0.1F, 0.9F, 0, 0, 0.2F, 0.8F, 0,    0,    0.9F, 0.1F, 0,    0,    0, 0.7F,
                                 0.3F, 0,    0, 0, 0.6F, 0.4F, 0.1F, 0.1F, 0.5F, 0.3F, 0.1F, 0.1F, 0, 0.8F};
  const ReadText read = DecodeCtc(steps, 4, characters);
  EXPECT_EQ(read.text, "aa日 ");
  EXPECT_NEAR(read.score, (0.9 + 0.7 + 0.6 + 0.8) / 4, 1e-6);
  EXPECT_EQ(DecodeCtc(std::vector<float>{0.9F, 0.1F, 0, 0}, 4, characters).score, 0);
}

TEST(TextCrop, HighBoxesAreTurned) {
  const RgbImage picture = RgbImage::Make(100, 100);
  const RgbImage high = CropText(picture, 1, {{Point2{10, 10}, {20, 10}, {20, 60}, {10, 60}}, 1});
  EXPECT_EQ(high.width, 50);
  EXPECT_EQ(high.height, 10);
  const RgbImage flat = CropText(picture, 0.5, {{Point2{10, 10}, {90, 10}, {90, 30}, {10, 30}}, 1});
  EXPECT_EQ(flat.width, 40);
  EXPECT_EQ(flat.height, 10);
}

class TextModels : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_MODEL(detection, "ocr/ch_PP-OCRv4_det_infer.onnx");
    if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
    detection_ = bench_.Load("ocr", "detection", {{"model.onnx", detection}});
    recognition_ = bench_.Load("ocr", "recognition",
                               {{"model.onnx", testing::FindModel("ocr/ch_PP-OCRv4_rec_infer.onnx")},
                                {"keys.txt", testing::FindModel("ocr/ppocr_keys_v1.txt")}});
  }
  std::string Read(const std::string& picture) {
    const ModelInput input = testing::PictureInput(testing::MediaFolder() / picture);
    const auto boxes = testing::RunModel(*detection_, input);
    const auto output = testing::RunModel(*recognition_, input, R"({"minScore":0.8})", boxes.get());
    const json::Document document = json::Document::Parse(output->ToJson());
    const auto& root = document.root();
    const std::size_t lines = root.at("text").as_array().size();
    EXPECT_EQ(root.at("box").as_array().size(), 8 * lines);
    EXPECT_EQ(root.at("boxScore").as_array().size(), lines);
    EXPECT_EQ(root.at("textScore").as_array().size(), lines);
    for (const auto& number : root.at("box").as_array()) {
      EXPECT_GE(number.to_number<double>(), 0);
      EXPECT_LE(number.to_number<double>(), 1);
    }
    std::string text;
    for (const auto& line : root.at("text").as_array()) text += std::string(line.as_string()) + "\n";
    return text;
  }
  ModelBench bench_;
  std::unique_ptr<ModelTask> detection_;
  std::unique_ptr<ModelTask> recognition_;
};

std::string WithoutSpacesInCapitals(std::string text) {
  std::erase_if(text, [](char c) { return c == ' '; });
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

TEST_F(TextModels, ReadsPrintedText) {
  const std::string shop = WithoutSpacesInCapitals(Read("albums/text/japanese-shop.jpg"));
  EXPECT_NE(shop.find("KIRIN"), std::string::npos) << shop;
}

TEST_F(TextModels, APictureWithoutTextGivesNothing) {
  EXPECT_EQ(Read("faces/portrait.jpg"), "");
}

TEST_F(TextModels, RefusesAListOfOtherCharacters) {
  EXPECT_THROW(bench_.Load("ocr", "recognition", {{"keys.txt", "README.md"}}), ModelLoadError);
}

}  // namespace
}  // namespace immich::ml
