#include "ml/service/predict_service.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ml/service/ml_routes.hpp"
#include "ml/sessions/session_factory.hpp"
#include "ml/testing/test_graph.hpp"
#include "ml/testing/test_model_table.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/http/http_test_server.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::ml {
namespace {

using namespace std::chrono_literals;
using http::RawClient;
using http::RawResponse;
using ::testing::HasSubstr;
using testing::TestTable;

constexpr const char* kText = R"({"clip":{"textual":{"modelName":"twice"}}})";
constexpr const char* kImage = R"({"clip":{"visual":{"modelName":"twice"}}})";

/// A form with `entries` and one more part, file or field.
std::string Form(std::string_view entries, std::string_view name = "", std::string_view content = "") {
  std::string body = fmt::format("--b\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n{}\r\n", entries);
  if (!name.empty()) {
    body += fmt::format("--b\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n", name,
                        name == "image" ? "; filename=\"blob\"" : "", content);
  }
  body += "--b--\r\n";
  return fmt::format(
      "POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
      "{}\r\n\r\n{}",
      body.size(), body);
}

class PredictServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_RUNTIME();
    TestTable::WriteModel(cache_.path(), "clip", "textual", "twice");
    TestTable::WriteModel(cache_.path(), "clip", "visual", "twice");
    TestTable::WriteModel(cache_.path(), "facial-recognition", "detection", "twice");
    TestTable::WriteModel(cache_.path(), "facial-recognition", "recognition", "twice");
    Start();
  }
  void TearDown() override {
    TestTable::holds_slow_models = false;
    server_.reset();
    service_.reset();
    models_.reset();
  }
  void Start(RouteLimits limits = {}, ModelPoolSettings pool = {}) {
    server_.reset();
    HubSettings hub;
    hub.endpoint = "http://127.0.0.1:1";
    models_ = std::make_unique<ModelPool>(pool, ModelCache(cache_.path(), hub), sessions_, lanes_, metrics_);
    service_ = std::make_unique<PredictService>(*models_, metrics_, PredictService::Limits{});
    server_ = std::make_unique<http::TestServer>(
        [&](http::Router& router) { AddMlRoutes(router, *service_, metrics_, limits); });
  }
  RawResponse Send(std::string_view request) { return RawClient(server_->port()).Request(request); }

  immich::testing::TemporaryDirectory cache_;
  MlMetrics metrics_;
  OnnxSessionFactory sessions_{SessionSettings{}};
  InferenceLanes lanes_{InferenceLanes::Options{}};
  std::unique_ptr<ModelPool> models_;
  std::unique_ptr<PredictService> service_;
  std::unique_ptr<http::TestServer> server_;
};

TEST_F(PredictServiceTest, AnswersWhoItIs) {
  EXPECT_EQ(Send(http::GetText("/")).body, R"({"message":"Immich ML"})");
  EXPECT_EQ(Send(http::GetText("/ping")).body, "pong");
  EXPECT_EQ(Send(http::GetText("/nothing")).status, 404);
}

TEST_F(PredictServiceTest, AnswersInTheRecordedForm) {
  EXPECT_EQ(Send(Form(kText, "text", "hello")).body, R"({"clip":"[10]"})");
  EXPECT_EQ(Send(Form(kImage, "image", "640x480")).body, R"({"clip":"[1280]","imageHeight":480,"imageWidth":640})");
  const RawResponse urlencoded = Send(fmt::format(
      "POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n"
      "\r\nentries={}&text=abc",
      std::string_view(kText).size() + 17, kText));
  EXPECT_EQ(urlencoded.body, R"({"clip":"[6]"})");
}

TEST_F(PredictServiceTest, OnlyTheLastTypeOfATaskIsSent) {
  const char* faces =
      R"({"facial-recognition":{"detection":{"modelName":"twice"},"recognition":{"modelName":"twice"}}})";
  EXPECT_EQ(Send(Form(faces, "image", "10x20")).body,
            R"({"facial-recognition":"[40]","imageHeight":20,"imageWidth":10})");
}

TEST_F(PredictServiceTest, BadInputGetsTheDocumentedStatus) {
  EXPECT_EQ(Send(Form("{", "text", "x")).status, 422);
  EXPECT_EQ(Send(Form("{", "text", "x")).body, R"({"detail":"Invalid request format."})");
  EXPECT_EQ(Send(Form(R"({"dance":{"x":{"modelName":"m"}}})", "text", "x")).status, 422);
  EXPECT_EQ(Send(Form(kText)).status, 400);
  EXPECT_EQ(Send(Form(kText)).body, R"({"detail":"Either image or text must be provided"})");
  EXPECT_EQ(Send(Form(kText, "text", "")).status, 400);
  EXPECT_EQ(Send(Form(kText, "image", "1x1")).status, 400);
  EXPECT_EQ(Send(Form(kImage, "image", "")).status, 400);
  EXPECT_EQ(Send(Form(kImage, "image", "garbage")).status, 400);
  EXPECT_EQ(Send(Form(R"({"clip":{"textual":{"modelName":".."}}})", "text", "x")).status, 400);
  EXPECT_EQ(Send("POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx").status,
            422);
  EXPECT_EQ(Send("POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                 "Content-Length: 5\r\n\r\n--x\r\n")
                .status,
            400);
  EXPECT_EQ(Send("POST /predict HTTP/1.1\r\nHost: ml\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                 "Content-Length: 400000000\r\n\r\n")
                .status,
            413);
  EXPECT_EQ(Send(Form(kText, "text", "hello")).status, 200);
}

TEST_F(PredictServiceTest, ModelsThatCannotBeLoadedAre500AndNothingElseSuffers) {
  EXPECT_EQ(Send(Form(R"({"clip":{"textual":{"modelName":"unknown"}}})", "text", "x")).status, 500);
  const std::string file = cache_ / "clip/twice/textual/model.onnx";
  const auto size = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, size / 2);
  const RawResponse broken = Send(Form(kText, "text", "x"));
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body, R"({"detail":"Could not load model twice"})");
  testing::TestGraph flat;
  flat.Input({"x", {-1}}).Output({"y", {-1}}).Node("Add", {"x", "x"}, {"y"});
  flat.Save(file);
  EXPECT_EQ(Send(Form(kText, "text", "x")).status, 500);
  TestTable::WriteModel(cache_.path(), "clip", "textual", "twice");
  EXPECT_EQ(Send(Form(kText, "text", "x")).status, 200);
}

TEST_F(PredictServiceTest, AnswersTheRecordedRequestsOfTheOriginalsServer) {
  const auto recorded = [](const std::string& name) {
    std::ifstream file("ml/service/testdata/" + name + ".http", std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  for (const char* type : {"textual", "visual"}) {
    TestTable::WriteModel(cache_.path(), "clip", type, "ViT-B-32__openai");
    TestTable::WriteModel(cache_.path(), "clip", type, "nllb-clip-base-siglip__v1");
  }
  for (const char* type : {"detection", "recognition"}) {
    TestTable::WriteModel(cache_.path(), "facial-recognition", type, "buffalo_l");
    TestTable::WriteModel(cache_.path(), "ocr", type, "PP-OCRv5_mobile");
  }
  // 15 bytes of five Japanese letters.
  EXPECT_EQ(Send(recorded("clip_textual")).body, R"({"clip":"[30]"})");
  EXPECT_EQ(Send(recorded("clip_textual_language")).body, R"({"clip":"[14]"})");
  EXPECT_EQ(Send(recorded("clip_visual")).body, R"({"clip":"[1280]","imageHeight":480,"imageWidth":640})");
  EXPECT_EQ(Send(recorded("facial_recognition")).body,
            R"({"facial-recognition":"[2560]","imageHeight":480,"imageWidth":640})");
  const RawResponse ocr = Send(recorded("ocr"));
  EXPECT_EQ(ocr.status, 200);
  EXPECT_EQ(ocr.headers.at("content-type").substr(0, 16), "application/json");
  EXPECT_EQ(ocr.body, R"({"ocr":"[2560]","imageHeight":480,"imageWidth":640})");
}

TEST_F(PredictServiceTest, MissingMemoryIsA500AndNothingElseSuffers) {
  TestTable::WriteModel(cache_.path(), "clip", "textual", "huge");
  const std::string file = cache_ / "clip/huge/textual/model.onnx";
  const auto written = std::filesystem::last_write_time(file);
  const RawResponse refused = Send(Form(R"({"clip":{"textual":{"modelName":"huge"}}})", "text", "x"));
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.body, R"({"detail":"Could not load model huge"})");
  EXPECT_EQ(std::filesystem::last_write_time(file), written) << "the file is not to blame";
  EXPECT_EQ(Send(Form(kText, "text", "hello")).body, R"({"clip":"[10]"})");
}

TEST_F(PredictServiceTest, LoadsOnceForAllThatWaitAndAnswersPingMeanwhile) {
  TestTable::WriteModel(cache_.path(), "clip", "textual", "slow");
  TestTable::holds_slow_models = true;
  const int made_before = TestTable::made;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->Send(Form(R"({"clip":{"textual":{"modelName":"slow"}}})", "text", std::string(i + 1, 'x')));
  }
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Send(http::GetText("/ping")).body, "pong");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);  // 100 ms are measured by ./dev bench ml
  }
  TestTable::holds_slow_models = false;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(clients[static_cast<std::size_t>(i)]->ReadResponse().body,
              fmt::format(R"({{"clip":"[{}]"}})", 2 * (i + 1)));
  }
  EXPECT_EQ(TestTable::made, made_before + 1);
}

TEST_F(PredictServiceTest, TooManyRequestsAreSentAwayWithAHint) {
  Start({.max_pending = 1});
  TestTable::WriteModel(cache_.path(), "clip", "textual", "slow");
  TestTable::holds_slow_models = true;
  RawClient waiting(server_->port());
  waiting.Send(Form(R"({"clip":{"textual":{"modelName":"slow"}}})", "text", "x"));
  ASSERT_TRUE(
      server_->Await([&] { return metrics_.Render().find("immich_ml_pending_requests 1\n") != std::string::npos; }));
  RawResponse refused = Send(Form(kText, "text", "x"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused["retry-after"], "1");
  EXPECT_EQ(Send(http::GetText("/ping")).status, 200);
  TestTable::holds_slow_models = false;
  EXPECT_EQ(waiting.ReadResponse().status, 200);
  EXPECT_EQ(Send(Form(kText, "text", "x")).status, 200);
}

TEST_F(PredictServiceTest, UnloadsWhatNobodyUses) {
  Start({}, {.ttl = 1s, .poll = 1s});
  Spawn(server_->io(), "sweep", models_->SweepForever());
  EXPECT_EQ(Send(Form(kText, "text", "x")).status, 200);
  EXPECT_THAT(Send(http::GetText("/metrics")).body, HasSubstr("immich_ml_models_loaded 1\n"));
  EXPECT_TRUE(server_->Await([&] { return models_->loaded() == 0; }));
  const int made_before = TestTable::made;
  EXPECT_EQ(Send(Form(kText, "text", "x")).status, 200);
  EXPECT_EQ(TestTable::made, made_before + 1);
}

TEST_F(PredictServiceTest, MetricsTellStages) {
  EXPECT_EQ(Send(Form(kImage, "image", "640x480")).status, 200);
  EXPECT_EQ(Send(Form("{", "text", "x")).status, 422);
  const std::string metrics = Send(http::GetText("/metrics")).body;
  EXPECT_THAT(metrics, HasSubstr("immich_ml_requests_total{status=\"200\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("immich_ml_requests_total{status=\"422\"} 1\n"));
  for (const char* stage : {"decode", "preprocess", "inference", "postprocess"}) {
    EXPECT_THAT(metrics, HasSubstr(fmt::format("stage=\"{}\"", stage)));
  }
  EXPECT_THAT(metrics, HasSubstr("process_resident_memory_bytes "));
}

TEST_F(PredictServiceTest, ClientsThatLeaveDoNoHarm) {
  for (int i = 0; i < 20; ++i) {
    RawClient client(server_->port());
    client.Send(Form(kImage, "image", "640x480"));
    client.Reset();
    RawClient half(server_->port());
    half.Send(Form(kImage, "image", "640x480").substr(0, 150));
    half.Reset();
  }
  EXPECT_EQ(Send(Form(kText, "text", "hello")).status, 200);
  EXPECT_TRUE(
      server_->Await([&] { return metrics_.Render().find("immich_ml_pending_requests 0\n") != std::string::npos; }));
}

}  // namespace
}  // namespace immich::ml
