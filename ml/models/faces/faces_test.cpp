#include <gtest/gtest.h>
#include <webp/encode.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>

#include "ml/models/faces/face_boxes.hpp"
#include "ml/models/faces/face_recognition.hpp"
#include "ml/models/faces/onnx_first_nodes.hpp"
#include "ml/models/faces/scrfd_decoder.hpp"
#include "ml/models/testing/model_bench.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

using testing::ModelBench;

/// A 64 × 32 input at stride 8: 8 × 4 places with two anchors each.
struct LevelSample {
  std::vector<float> scores = std::vector<float>(64, 0.0F);
  std::vector<float> edges = std::vector<float>(64 * 4, 0.0F);
  std::vector<float> landmarks = std::vector<float>(64 * 10, 0.0F);
  ScrfdLevel level() const { return {8, scores, edges, landmarks}; }
};

TEST(Scrfd, BoxesFollowThePublishedFormula) {
  LevelSample sample;
  for (std::size_t i = 0; i < sample.edges.size(); ++i) sample.edges[i] = 0.25F * static_cast<float>(i % 7);
  for (std::size_t i = 0; i < sample.landmarks.size(); ++i) {
    sample.landmarks[i] = 0.5F * static_cast<float>(i % 5) - 1;
  }
  for (std::size_t i = 0; i < sample.scores.size(); i += 3) sample.scores[i] = 0.4F + 0.005F * static_cast<float>(i);
  std::vector<DetectedFace> faces;
  DecodeScrfdLevel(sample.level(), 64, 32, 0.5F, faces);
  // distance2bbox and distance2kps with anchor centres np.stack(np.mgrid[:4, :8][::-1]) * 8, each twice.
  std::size_t found = 0;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 8; ++column) {
      for (int anchor = 0; anchor < 2; ++anchor) {
        const auto i = static_cast<std::size_t>((row * 8 + column) * 2 + anchor);
        if (sample.scores[i] < 0.5F) continue;
        ASSERT_LT(found, faces.size());
        const DetectedFace& face = faces[found++];
        const float x = static_cast<float>(column) * 8;
        const float y = static_cast<float>(row) * 8;
        EXPECT_FLOAT_EQ(face.x1, x - sample.edges[i * 4] * 8);
        EXPECT_FLOAT_EQ(face.y1, y - sample.edges[i * 4 + 1] * 8);
        EXPECT_FLOAT_EQ(face.x2, x + sample.edges[i * 4 + 2] * 8);
        EXPECT_FLOAT_EQ(face.y2, y + sample.edges[i * 4 + 3] * 8);
        for (std::size_t k = 0; k < 5; ++k) {
          EXPECT_FLOAT_EQ(static_cast<float>(face.landmarks[k].x), x + sample.landmarks[i * 10 + 2 * k] * 8);
          EXPECT_FLOAT_EQ(static_cast<float>(face.landmarks[k].y), y + sample.landmarks[i * 10 + 2 * k + 1] * 8);
        }
      }
    }
  }
  EXPECT_EQ(found, faces.size());
  EXPECT_GT(found, 5u);
}

TEST(Scrfd, OneAnchorPerPlaceAndMissingNumbersAreHandled) {
  LevelSample sample;
  sample.scores.assign(32, 0.9F);
  std::vector<DetectedFace> faces;
  DecodeScrfdLevel(sample.level(), 64, 32, 0.5F, faces);
  EXPECT_EQ(faces.size(), 32u);
  faces.clear();
  DecodeScrfdLevel({8, std::span(sample.scores).first(3), sample.edges, sample.landmarks}, 64, 32, 0.5F, faces);
  EXPECT_TRUE(faces.empty());
}

/// Greedy suppression as published: areas and overlaps with +1, over the threshold goes.
std::vector<float> ReferenceNms(std::vector<DetectedFace> faces, float threshold) {
  std::vector<float> kept;
  std::sort(faces.begin(), faces.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  while (!faces.empty()) {
    const DetectedFace best = faces.front();
    kept.push_back(best.score);
    std::vector<DetectedFace> rest;
    for (std::size_t i = 1; i < faces.size(); ++i) {
      const auto& f = faces[i];
      const float w = std::max(0.0F, std::min(best.x2, f.x2) - std::max(best.x1, f.x1) + 1);
      const float h = std::max(0.0F, std::min(best.y2, f.y2) - std::max(best.y1, f.y1) + 1);
      const float area_best = (best.x2 - best.x1 + 1) * (best.y2 - best.y1 + 1);
      const float area = (f.x2 - f.x1 + 1) * (f.y2 - f.y1 + 1);
      if (w * h / (area_best + area - w * h) <= threshold) rest.push_back(f);
    }
    faces = rest;
  }
  return kept;
}

TEST(Scrfd, SuppressionFollowsThePublishedFormula) {
  std::vector<DetectedFace> faces;
  std::uint32_t seed = 7;
  const auto next = [&](int below) {
    seed = seed * 1664525 + 1013904223;
    return static_cast<float>((seed >> 8) % static_cast<std::uint32_t>(below));
  };
  for (int i = 0; i < 300; ++i) {
    const float x = next(200), y = next(200);
    faces.push_back({x, y, x + 20 + next(60), y + 20 + next(60), 0.5F + static_cast<float>(i) / 1000, {}});
  }
  const auto kept = SuppressOverlaps(faces, 0.4F);
  std::vector<float> scores;
  for (const auto& face : kept) scores.push_back(face.score);
  EXPECT_EQ(scores, ReferenceNms(faces, 0.4F));
  EXPECT_LT(kept.size(), faces.size());
}

TEST(FaceAlignment, LandmarksLandOnTheTemplate) {
  // A dot on every landmark of a turned face must be where the template says.
  const AffineMap to_template{0.3, 0.1, -20, -0.1, 0.3, 10};
  std::array<Point2, 5> landmarks{};
  RgbImage picture = RgbImage::Make(500, 500);
  for (std::size_t i = 0; i < 5; ++i) {
    landmarks[i] = Apply(Invert(to_template), kArcFaceTemplate[i]);
    for (int dy = -3; dy <= 3; ++dy) {
      for (int dx = -3; dx <= 3; ++dx) {
        const int x = static_cast<int>(std::lround(landmarks[i].x)) + dx;
        const int y = static_cast<int>(std::lround(landmarks[i].y)) + dy;
        std::fill_n(picture.Row(y) + x * 3, 3, 255);
      }
    }
  }
  const RgbImage face = AlignFace(picture, 1, landmarks);
  ASSERT_EQ(face.width, 112);
  for (const Point2& point : kArcFaceTemplate) {
    EXPECT_GT(face.Row(static_cast<int>(std::lround(point.y)))[static_cast<int>(std::lround(point.x)) * 3], 150);
  }
  EXPECT_EQ(face.Row(5)[5], 0);
}

struct Face {
  std::array<double, 4> box{};
  std::vector<float> embedding;
  double score = 0;
};

class FaceModels : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_MODEL(model, "face/detection.onnx");
    if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
    detection_ = bench_.Load("facial-recognition", "detection", {{"model.onnx", model}});
    recognition_ =
        bench_.Load("facial-recognition", "recognition", {{"model.onnx", testing::FindModel("face/recognition.onnx")}});
  }
  std::vector<Face> FacesOf(const std::string& picture, const std::string& options = "{}") {
    const ModelInput input = testing::PictureInput(testing::MediaFolder() / picture);
    const auto boxes = testing::RunModel(*detection_, input, options);
    json::Document::Parse(boxes->ToJson());
    const auto output = testing::RunModel(*recognition_, input, "{}", boxes.get());
    const json::Document document = json::Document::Parse(output->ToJson());
    std::vector<Face> faces;
    for (const auto& face : document.root().as_array()) {
      const auto& box = face.at("boundingBox");
      faces.push_back({{box.at("x1").to_number<double>(), box.at("y1").to_number<double>(),
                        box.at("x2").to_number<double>(), box.at("y2").to_number<double>()},
                       testing::NumbersOf(std::string(face.at("embedding").as_string())),
                       face.at("score").to_number<double>()});
    }
    return faces;
  }
  ModelBench bench_;
  std::unique_ptr<ModelTask> detection_;
  std::unique_ptr<ModelTask> recognition_;
};

TEST_F(FaceModels, TheWomanOfThePortraitIsFound) {
  const auto faces = FacesOf("faces/portrait.jpg");
  ASSERT_EQ(faces.size(), 1u);
  EXPECT_GE(faces[0].score, 0.7);
  EXPECT_EQ(faces[0].embedding.size(), 512u);
  EXPECT_LT(faces[0].box[0], faces[0].box[2]);
  for (const double edge : faces[0].box) EXPECT_EQ(edge, std::round(edge));
  EXPECT_TRUE(FacesOf("albums/nature/tanners_ridge.jpg").empty());
  EXPECT_TRUE(FacesOf("faces/portrait.jpg", R"({"minScore":1})").empty());
}

TEST_F(FaceModels, ScaledCopiesGiveTheSamePerson) {
  // The server sends previews; the file itself is larger.
  const auto whole = FacesOf("faces/portrait.jpg");
  ASSERT_EQ(whole.size(), 1u);
  const ModelInput input = testing::PictureInput(testing::MediaFolder() / "faces/portrait.jpg");
  const auto boxes = testing::RunModel(*detection_, input);
  const auto& found = static_cast<const FaceBoxes&>(*boxes).faces();
  ASSERT_EQ(found.size(), 1u);
  // Three copies of one face in a batch are three times the same person.
  std::vector<DetectedFace> three(3, found[0]);
  const FaceBoxes tripled(three);
  const auto output = testing::RunModel(*recognition_, input, "{}", &tripled);
  const json::Document document = json::Document::Parse(output->ToJson());
  ASSERT_EQ(document.root().as_array().size(), 3u);
  for (const auto& face : document.root().as_array()) {
    const auto embedding = testing::NumbersOf(std::string(face.at("embedding").as_string()));
    EXPECT_GT(testing::Cosine(embedding, whole[0].embedding), 0.9999);
  }
}

TEST_F(FaceModels, ATurnedCopyIsTheSamePerson) {
  const auto upright = FacesOf("faces/portrait.jpg");
  ASSERT_EQ(upright.size(), 1u);
  // The server sends previews upright; the service itself turns nothing.
  const ModelInput stored = testing::PictureInput(testing::MediaFolder() / "faces/portrait-orientation-6.jpg");
  const RgbImage turned = RotateLeft(RotateLeft(RotateLeft(*stored.image->Decode(600))));
  std::uint8_t* encoded = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGB(turned.pixels.data(), turned.width, turned.height, turned.width * 3, &encoded);
  ASSERT_GT(size, 0u);
  const ModelInput input{std::make_shared<ImageInput>(std::string(encoded, encoded + size)), {}};
  WebPFree(encoded);
  const auto boxes = testing::RunModel(*detection_, input);
  const auto output = testing::RunModel(*recognition_, input, "{}", boxes.get());
  const json::Document document = json::Document::Parse(output->ToJson());
  ASSERT_EQ(document.root().as_array().size(), 1u);
  const auto embedding = testing::NumbersOf(std::string(document.root().as_array()[0].at("embedding").as_string()));
  EXPECT_GT(testing::Cosine(embedding, upright[0].embedding), 0.9);
}

TEST_F(FaceModels, RefusesWhatItCannotUse) {
  const ModelInput input = testing::PictureInput(testing::MediaFolder() / "faces/portrait.jpg");
  EXPECT_THROW(testing::RunModel(*detection_, input, R"({"minScore":"high"})"), BadRequest);
  EXPECT_THROW(testing::RunModel(*detection_, testing::TextInput("x")), BadRequest);
  EXPECT_THROW(testing::RunModel(*recognition_, input), BadRequest);
  EXPECT_THROW(
      bench_.Load("facial-recognition", "detection", {{"model.onnx", testing::FindModel("face/recognition.onnx")}}),
      ModelLoadError);
}

TEST(OnnxFirstNodes, ReadsNamesAndSurvivesOtherFiles) {
  const auto model = testing::FindModel("face/recognition.onnx");
  if (model.empty()) GTEST_SKIP() << "the test model face/recognition.onnx is not there";
  EXPECT_EQ(ReadFirstNodeNames(model, 8).size(), 8u);
  EXPECT_TRUE(ReadFirstNodeNames("CMakeLists.txt", 8).empty());
  EXPECT_TRUE(ReadFirstNodeNames("/nowhere", 8).empty());
}

}  // namespace
}  // namespace immich::ml
