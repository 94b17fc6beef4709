// The program as it runs for users, with the test models.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "ml/testing/test_models.hpp"
#include "platform/http/http_test_server.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/process/child_process.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::ml {
namespace {

using namespace std::chrono_literals;
using http::RawClient;
using http::RawResponse;
namespace stdfs = std::filesystem;

constexpr const char* kClipImage = R"({"clip":{"visual":{"modelName":"concept"}}})";
constexpr const char* kClipText = R"({"clip":{"textual":{"modelName":"concept"}}})";
constexpr const char* kFaces =
    R"({"facial-recognition":{"detection":{"modelName":"test","options":{"minScore":0.5}},"recognition":{"modelName":"test"}}})";
constexpr const char* kObjects =
    R"({"object-detection":{"detection":{"modelName":"coco","options":{"minScore":0.25}}}})";

std::string ReadFile(const stdfs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::uint16_t FreePort() {
  http::TestServer probe([](http::Router&) {});
  return probe.port();
}

std::string Form(std::string_view entries, std::string_view name, std::string_view content) {
  std::string body = fmt::format(
      "--b\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n{}\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n--b--\r\n",
      entries, name, name == "image" ? "; filename=\"blob\"" : "", content);
  return fmt::format(
      "POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

std::vector<double> Vector(const boost::json::value& text) {
  const auto document = json::Document::Parse(text.as_string());
  std::vector<double> numbers;
  for (const auto& number : document.root().as_array()) numbers.push_back(number.to_number<double>());
  return numbers;
}

double Cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

class MlProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_MODEL(visual, "concept-clip/visual.onnx");
    if (testing::MediaFolder().empty()) GTEST_SKIP() << "the test pictures are not there";
    Link("concept-clip/visual.onnx", "clip/concept/visual");
    Link("concept-clip/textual.onnx", "clip/concept/textual");
    for (const char* part : {"vocab.json", "merges.txt"}) {
      stdfs::create_symlink(stdfs::absolute(testing::FindModel(std::string("clip-tokenizer/") + part)),
                            cache_ / ("clip/concept/textual/" + std::string(part)));
    }
    Link("face/detection.onnx", "facial-recognition/test/detection");
    Link("face/recognition.onnx", "facial-recognition/test/recognition");
    Link("coco/centernet.onnx", "object-detection/coco/detection");
    Start();
  }
  void Link(const std::string& model, const std::string& folder) {
    stdfs::create_directories(cache_ / folder);
    stdfs::create_symlink(stdfs::absolute(testing::FindModel(model)), cache_ / (folder + "/model.onnx"));
  }
  void Start() {
    port_ = FreePort();
    process::ChildOptions options;
    options.program = IMMICH_ML_PROGRAM;
    options.environment = {{"IMMICH_HOST", "127.0.0.1"},
                           {"IMMICH_PORT", std::to_string(port_)},
                           {"IMMICH_LOG_LEVEL", "warn"},
                           {"MACHINE_LEARNING_PROVIDERS", "cpu"},
                           {"MACHINE_LEARNING_CACHE_FOLDER", cache_.path()},
                           {"HF_HUB_OFFLINE", "true"}};
    program_ = process::ChildProcess::Start(options);
    for (int i = 0; i < 1000 && !Answers(); ++i) std::this_thread::sleep_for(10ms);
    ASSERT_TRUE(Answers());
  }
  bool Answers() const {
    try {
      return RawClient(port_).Request(http::GetText("/ping")).body == "pong";
    } catch (const std::runtime_error&) {
      return false;
    }
  }
  json::Document Predict(std::string_view entries, std::string_view name, std::string_view content) {
    const RawResponse response = RawClient(port_).Request(Form(entries, name, content));
    EXPECT_EQ(response.status, 200) << response.body;
    return json::Document::Parse(response.status == 200 ? response.body : "{}");
  }

  immich::testing::TemporaryDirectory cache_;
  std::uint16_t port_ = 0;
  process::ChildProcess program_;
};

TEST_F(MlProgramTest, PicturesAndWordsMeet) {
  const std::string portrait = ReadFile(testing::MediaFolder() / "faces/portrait.jpg");
  const auto picture = Predict(kClipImage, "image", portrait);
  const auto word = Predict(kClipText, "text", "person");
  const auto other = Predict(kClipText, "text", "bicycle");
  const auto& answer = picture.root().as_object();
  EXPECT_TRUE(answer.contains("imageHeight") && answer.contains("imageWidth"));
  const auto seen = Vector(answer.at("clip"));
  ASSERT_EQ(seen.size(), 512u);
  EXPECT_FALSE(word.root().as_object().contains("imageHeight"));
  EXPECT_GT(Cosine(seen, Vector(word.root().at("clip"))), Cosine(seen, Vector(other.root().at("clip"))));
}

TEST_F(MlProgramTest, FindsTheFace) {
  const auto faces = Predict(kFaces, "image", ReadFile(testing::MediaFolder() / "faces/portrait.jpg"));
  const auto& list = faces.root().at("facial-recognition").as_array();
  ASSERT_EQ(list.size(), 1u);
  const auto& face = list[0].as_object();
  EXPECT_GT(face.at("boundingBox").at("x2").to_number<double>(), face.at("boundingBox").at("x1").to_number<double>());
  EXPECT_GT(face.at("score").to_number<double>(), 0.5);
  EXPECT_EQ(Vector(face.at("embedding")).size(), 512u);
}

TEST_F(MlProgramTest, FindsThePerson) {
  const auto objects = Predict(kObjects, "image", ReadFile(testing::MediaFolder() / "faces/portrait.jpg"));
  bool has_person = false;
  for (const auto& object : objects.root().at("object-detection").as_array()) {
    has_person = has_person || object.at("label").as_string() == "person";
  }
  EXPECT_TRUE(has_person);
}

TEST_F(MlProgramTest, BadPicturesAreRefusedAndItLivesOn) {
  const std::string portrait = ReadFile(testing::MediaFolder() / "faces/portrait.jpg");
  for (const std::string& broken : {std::string(), std::string("no picture"), portrait.substr(0, 200)}) {
    EXPECT_EQ(RawClient(port_).Request(Form(kClipImage, "image", broken)).status, 400) << broken.size();
  }
  const auto fine = Predict(kClipImage, "image", portrait);
  EXPECT_EQ(Vector(fine.root().at("clip")).size(), 512u);
}

TEST_F(MlProgramTest, ATruncatedModelIsA500AndTheOthersGoOn) {
  const stdfs::path file = cache_ / "clip/concept/visual/model.onnx";
  const std::string bytes = ReadFile(file);
  stdfs::remove(file);
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size() / 3));
  const std::string portrait = ReadFile(testing::MediaFolder() / "faces/portrait.jpg");
  EXPECT_EQ(RawClient(port_).Request(Form(kClipImage, "image", portrait)).status, 500);
  const auto faces = Predict(kFaces, "image", portrait);
  EXPECT_EQ(faces.root().at("facial-recognition").as_array().size(), 1u);
}

TEST_F(MlProgramTest, StartsAgainAfterItWasKilledAndEndsWhenAsked) {
  RawClient waiting(port_);
  waiting.Send(Form(kClipImage, "image", ReadFile(testing::MediaFolder() / "faces/portrait.jpg")));
  program_.Signal(SIGKILL);
  EXPECT_TRUE(program_.WaitBlocking(10s).has_value());
  EXPECT_EQ(waiting.ReadResponse().status, 0);
  Start();
  const auto word = Predict(kClipText, "text", "clock");
  EXPECT_EQ(Vector(word.root().at("clip")).size(), 512u);
  program_.Signal(SIGTERM);
  const auto status = program_.WaitBlocking(20s);
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(status->ok()) << status->ToString();
}

}  // namespace
}  // namespace immich::ml
