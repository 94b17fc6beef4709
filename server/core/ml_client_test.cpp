#include "server/core/ml_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "db/testing/migrated_database.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_test_server.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/clip_models.hpp"
#include "server/core/ml_wire.hpp"
#include "server/core/system_config.hpp"

namespace immich {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// A machine-learning service that answers what it is told and keeps what it is asked.
class FakeService {
 public:
  FakeService(int status, std::string answer) : status_(status), answer_(std::move(answer)) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  void Say(int status, std::string answer) {
    server_.Run([&]() -> Task<void> {
      status_ = status;
      answer_ = std::move(answer);
      co_return;
    });
  }
  std::vector<std::string> bodies() {
    std::vector<std::string> copy;
    server_.Run([&]() -> Task<void> {
      copy = bodies_;
      co_return;
    });
    return copy;
  }

 private:
  int status_;
  std::string answer_;
  std::vector<std::string> bodies_;
  http::TestServer server_{[this](http::Router& router) {
    router.On(http::Method::kPost, "/predict", [this](http::Request& request) -> Task<http::Response> {
      bodies_.push_back(co_await request.body->ReadAll(1'000'000));
      http::Response response = http::Response::Json(status_, answer_);
      if (status_ == 503) {
        response.headers.Set("Retry-After", "1");
        status_ = 200;
      }
      co_return response;
    });
    router.On(http::Method::kGet, "/ping", [](http::Request&) -> Task<http::Response> {
      co_return http::Response::Text(200, "text/plain", "pong");
    });
  }};
};

void WithClient(std::vector<std::string> urls, const std::function<Task<void>(MlClient&, SystemConfig&)>& body,
                MlClient::Options options = {}) {
  const testing::MigratedDatabase database;
  testing::WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    SystemConfig config(pool, {});
    co_await config.Load();
    api::AdminConfigDto wanted = config.current();
    wanted.machine_learning.urls = urls;
    wanted.machine_learning.availability_checks.interval = 1000;
    co_await config.Save(wanted);
    MlClient client(pool.executor(), config, options);
    co_await body(client, config);
  });
}

TEST(MlClientTest, TextsAreAskedInTheFormOfTheOriginal) {
  FakeService service(200, R"({"clip":"[0.5,-1e-3]"})");
  WithClient({service.url() + "/"}, [](MlClient& client, SystemConfig&) -> Task<void> {
    EXPECT_EQ(co_await client.EncodeText("a \"cat\"", "ViT-B-32__openai", std::nullopt), "[0.5,-1e-3]");
    co_await client.EncodeText("Katze", "nllb", "de");
  });
  const auto bodies = service.bodies();
  ASSERT_EQ(bodies.size(), 2);
  EXPECT_THAT(bodies[0], HasSubstr("form-data; name=\"entries\"\r\n\r\n"
                                   R"({"clip":{"textual":{"modelName":"ViT-B-32__openai"}}})"
                                   "\r\n"));
  EXPECT_THAT(bodies[0], HasSubstr("name=\"text\"\r\n\r\na \"cat\"\r\n"));
  EXPECT_THAT(bodies[1], HasSubstr(R"({"clip":{"textual":{"modelName":"nllb","options":{"language":"de"}}}})"));
}

TEST(MlClientTest, PicturesAreSentAsTheyAre) {
  const testing::TemporaryDirectory folder;
  const std::string path = folder / "a.jpg";
  const std::string bytes("\xff\xd8\0\r\n--x", 8);
  std::ofstream(path, std::ios::binary) << bytes;
  FakeService service(200, R"({"facial-recognition":[{"boundingBox":{"x1":1,"y1":-2,"x2":30.0,"y2":40},)"
                           R"("embedding":"[1,2]","score":0.875}],"imageHeight":300,"imageWidth":400})");
  WithClient({service.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    const FaceReading reading = co_await client.FindFaces(path, "buffalo_l", 0.7);
    EXPECT_EQ(reading.image_width, 400);
    EXPECT_EQ(reading.image_height, 300);
    EXPECT_EQ(reading.faces.size(), 1);
    if (reading.faces.empty()) co_return;
    EXPECT_EQ(reading.faces[0].box.y1, -2);
    EXPECT_EQ(reading.faces[0].box.x2, 30);
    EXPECT_EQ(reading.faces[0].embedding, "[1,2]");
    EXPECT_EQ(reading.faces[0].score, 0.875);
  });
  EXPECT_THAT(service.bodies()[0], HasSubstr("name=\"image\"; filename=\"blob\"\r\nContent-Type: "
                                             "application/octet-stream\r\n\r\n" +
                                             bytes + "\r\n--"));
  EXPECT_THAT(service.bodies()[0],
              HasSubstr(R"({"facial-recognition":{"detection":{"modelName":"buffalo_l","options":{"minScore":0.7}},)"
                        R"("recognition":{"modelName":"buffalo_l"}}})"));
}

TEST(MlClientTest, TheNextServiceHelpsWhenOneIsGone) {
  FakeService good(200, R"({"clip":"[1]"})");
  FakeService broken(500, "{}");
  const std::string gone = "http://127.0.0.1:1";
  WithClient({gone, broken.url(), good.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    EXPECT_TRUE(client.IsHealthy(gone));
    EXPECT_EQ(co_await client.EncodeText("a", "m", std::nullopt), "[1]");
    EXPECT_FALSE(client.IsHealthy(gone));
    EXPECT_TRUE(client.IsHealthy(broken.url()));
  });
}

TEST(MlClientTest, SaysWhatTheLastServiceSaid) {
  FakeService broken(422, "bad entries");
  WithClient({broken.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    std::string reason;
    try {
      co_await client.EncodeText("a", "m", std::nullopt);
    } catch (const InternalError& error) {
      reason = error.detail();
    }
    EXPECT_THAT(reason, HasSubstr("answered 422 bad entries"));
    broken.Say(200, R"({"clip":7})");
    bool refused = false;
    try {
      co_await client.EncodeText("a", "m", std::nullopt);
    } catch (const InternalError&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
  });
}

TEST(MlClientTest, ABusyServiceIsAskedAgain) {
  FakeService busy(503, R"({"clip":"[2]"})");
  WithClient({busy.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    EXPECT_EQ(co_await client.EncodeText("a", "m", std::nullopt), "[2]");
  });
  EXPECT_EQ(busy.bodies().size(), 2);
}

TEST(MlClientTest, SearchesDoNotWaitLongForABusyService) {
  FakeService busy(503, R"({"clip":"[2]"})");
  WithClient({busy.url()},
             [&](MlClient& client, SystemConfig&) -> Task<void> {
               bool refused = false;
               try {
                 co_await client.EncodeText("a", "m", std::nullopt);
               } catch (const InternalError&) {
                 refused = true;
               }
               EXPECT_TRUE(refused);
             },
             {.text_busy_patience = milliseconds(500)});
  EXPECT_EQ(busy.bodies().size(), 1) << "Retry-After is a second";
}

TEST(MlClientTest, PingsTellWhoIsThere) {
  FakeService good(200, "{}");
  const std::string gone = "http://127.0.0.1:1";
  WithClient({gone, good.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    client.StartChecks();
    for (int i = 0; i < 1000 && client.IsHealthy(gone); ++i) co_await SleepFor(milliseconds(5));
    EXPECT_FALSE(client.IsHealthy(gone));
    EXPECT_TRUE(client.IsHealthy(good.url()));
  });
}

TEST(MlWireTest, ReadsTextsAndObjects) {
  const auto texts =
      ml_wire::ParseTexts(R"({"ocr":{"text":["Hello","World"],"box":[0,0,1,0,1,0.5,0,0.5,0,0.5,1,0.5,1,1,0,1],)"
                          R"("boxScore":[0.9,0.8],"textScore":[0.99,0.98]},"imageHeight":10,"imageWidth":10})");
  ASSERT_EQ(texts.size(), 2);
  EXPECT_EQ(texts[1].text, "World");
  EXPECT_EQ(texts[1].corners[1], 0.5);
  EXPECT_EQ(texts[0].text_score, 0.99);
  EXPECT_THROW(ml_wire::ParseTexts(R"({"ocr":{"text":["a"],"box":[1],"boxScore":[1],"textScore":[1]}})"),
               InternalError);
  const auto objects = ml_wire::ParseObjects(
      R"({"object-detection":[{"label":"bicycle","score":0.5,"boundingBox":{"x1":1,"y1":2,"x2":3,"y2":4}}],)"
      R"("imageHeight":10,"imageWidth":20})");
  ASSERT_EQ(objects.objects.size(), 1);
  EXPECT_EQ(objects.objects[0].label, "bicycle");
  EXPECT_EQ(objects.objects[0].box.y2, 4);
  EXPECT_EQ(objects.image_width, 20);
  EXPECT_THROW(ml_wire::ParseObjects("[]"), InternalError);
  EXPECT_THROW(ml_wire::ParseEncoding("not json"), InternalError);
}

std::string Recorded(const std::string& name) {
  std::ifstream file("server/core/testdata/" + name + ".json", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Numbers of a vector literal; -1 when it is none.
std::ptrdiff_t Dimension(const std::string& vector) {
  if (!vector.starts_with('[') || !vector.ends_with(']')) return -1;
  return std::count(vector.begin(), vector.end(), ',') + 1;
}

TEST(MlWireTest, ReadsTheRecordedAnswersOfTheOriginalsService) {
  EXPECT_EQ(Dimension(ml_wire::ParseEncoding(Recorded("ml_clip_textual"))), 512);
  EXPECT_EQ(Dimension(ml_wire::ParseEncoding(Recorded("ml_clip_visual"))), 512);
  const FaceReading faces = ml_wire::ParseFaces(Recorded("ml_faces"));
  EXPECT_EQ(faces.image_width, 2160);
  EXPECT_EQ(faces.image_height, 1440);
  ASSERT_EQ(faces.faces.size(), 2);
  EXPECT_EQ(faces.faces[0].box.x1, 690);
  EXPECT_EQ(faces.faces[0].box.y1, -12);
  EXPECT_EQ(faces.faces[1].box.y2, 1452) << "boxes may leave the picture";
  EXPECT_DOUBLE_EQ(faces.faces[0].score, 0.8961929678916931);
  EXPECT_EQ(Dimension(faces.faces[1].embedding), 512);
  EXPECT_TRUE(ml_wire::ParseFaces(Recorded("ml_no_faces")).faces.empty());
  const auto texts = ml_wire::ParseTexts(Recorded("ml_ocr"));
  ASSERT_EQ(texts.size(), 2);
  EXPECT_EQ(texts[0].text, "KIRIN");
  EXPECT_EQ(texts[1].text, "番");
  EXPECT_DOUBLE_EQ(texts[1].corners[0], 1.2e-5);
  EXPECT_DOUBLE_EQ(texts[1].text_score, 0.98);
  EXPECT_TRUE(ml_wire::ParseTexts(Recorded("ml_no_text")).empty());
}

TEST(MlClientTest, VectorsOfTheOriginalsServiceAreStoredAsTheyAre) {
  FakeService service(200, Recorded("ml_clip_visual"));
  const testing::TemporaryDirectory folder;
  const std::string path = folder / "a.jpg";
  std::ofstream(path, std::ios::binary) << "picture";
  std::string vector;
  WithClient({service.url()}, [&](MlClient& client, SystemConfig&) -> Task<void> {
    vector = co_await client.EncodeImage(path, "ViT-B-32__openai");
  });
  EXPECT_NE(Recorded("ml_clip_visual").find("\"" + vector + "\""), std::string::npos);
  const testing::MigratedDatabase database;
  testing::WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    pg::Params params{vector};
    const pg::Result rows = co_await pool.RunDynamic("SELECT vector_dims(($1::text)::vector)", std::move(params));
    EXPECT_EQ(rows[0].Get<int>(0), 512) << "with numbers like 9.001741e-7";
  });
}

TEST(ClipModelsTest, KnowsNamesAsTheConfigurationHasThem) {
  EXPECT_EQ(ClipModelDimension("ViT-B-32__openai"), 512);
  EXPECT_EQ(ClipModelDimension("immich-app/ViT-B-32::openai"), 512);
  EXPECT_EQ(ClipModelDimension("ViT-gopt-16-SigLIP2-384__webli"), 1536);
  EXPECT_EQ(ClipModelDimension("ViT-B-33__openai"), std::nullopt);
}

}  // namespace
}  // namespace immich
