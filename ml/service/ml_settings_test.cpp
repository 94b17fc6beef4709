#include "ml/service/ml_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

MlSettings Read(std::map<std::string, std::string, std::less<>> variables, int processors = 8) {
  const auto lookup = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return ReadMlSettings(lookup, processors);
}

TEST(MlSettings, DefaultsAreTheOriginals) {
  const MlSettings settings = Read({});
  EXPECT_EQ(settings.host, "");
  EXPECT_EQ(settings.port, 3003);
  EXPECT_EQ(settings.cache_folder, "/cache");
  EXPECT_EQ(settings.model_ttl.count(), 300);
  EXPECT_EQ(settings.model_ttl_poll.count(), 10);
  EXPECT_EQ(settings.keep_alive.count(), 2);
  EXPECT_EQ(settings.request_threads, 8);
  EXPECT_EQ(settings.intra_op_threads, 2);
  EXPECT_EQ(settings.lanes(), 4);
  EXPECT_TRUE(settings.sessions.arena);
  EXPECT_TRUE(settings.preload.empty());
}

TEST(MlSettings, ReadsWhatIsSet) {
  const MlSettings settings = Read({{"IMMICH_HOST", "127.0.0.1"},
                                    {"IMMICH_PORT", "4000"},
                                    {"IMMICH_LOG_LEVEL", "WARNING"},
                                    {"MACHINE_LEARNING_MODEL_TTL", "-1"},
                                    {"MACHINE_LEARNING_WORKERS", "2"},
                                    {"MACHINE_LEARNING_REQUEST_THREADS", "1"},
                                    {"MACHINE_LEARNING_MODEL_INTRA_OP_THREADS", "0"},
                                    {"MACHINE_LEARNING_MODEL_ARENA", "false"},
                                    {"MACHINE_LEARNING_DEVICE_IDS", "0, 1"},
                                    {"MACHINE_LEARNING_PROVIDERS", "openvino,cpu"},
                                    {"MACHINE_LEARNING_PRELOAD__CLIP__TEXTUAL", "a, b"},
                                    {"MACHINE_LEARNING_PRELOAD__OCR__RECOGNITION", "c"},
                                    {"HF_ENDPOINT", "http://mirror/"}});
  EXPECT_EQ(settings.host, "127.0.0.1");
  EXPECT_EQ(settings.port, 4000);
  EXPECT_EQ(settings.log_level, log::Level::kWarn);
  EXPECT_EQ(settings.model_ttl.count(), 0);
  EXPECT_EQ(settings.lanes(), 2);
  EXPECT_FALSE(settings.sessions.arena);
  EXPECT_EQ(settings.sessions.device_ids, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(settings.sessions.providers.wanted.front(), ExecutionProvider::kOpenvino);
  ASSERT_EQ(settings.preload.size(), 3u);
  EXPECT_EQ(settings.preload[1].name, "b");
  EXPECT_EQ(settings.preload[2].task, "ocr");
  EXPECT_EQ(settings.hub.endpoint, "http://mirror");
}

TEST(MlSettings, LanesFollowTheProcessorUnlessADeviceIsAskedFor) {
  EXPECT_EQ(Read({{"MACHINE_LEARNING_WORKERS", "2"}}, 2).lanes(), 1);
  EXPECT_EQ(Read({{"MACHINE_LEARNING_WORKERS", "4"}}, 8).lanes(), 4);
  EXPECT_EQ(Read({{"MACHINE_LEARNING_WORKERS", "4"}, {"MACHINE_LEARNING_PROVIDERS", "cuda"}}, 2).lanes(), 4);
  EXPECT_EQ(Read({{"MACHINE_LEARNING_MODEL_INTRA_OP_THREADS", "1"}}, 2).lanes(), 2);
  EXPECT_EQ(Read({}, 1).lanes(), 1);
}

TEST(MlSettings, NamesEveryFault) {
  try {
    Read({{"MACHINE_LEARNING_WORKERS", "many"},
          {"MACHINE_LEARNING_ROCM_PRECISION", "INT4"},
          {"MACHINE_LEARNING_PROVIDERS", "abacus"},
          {"HF_ENDPOINT", "ftp://x"}});
    FAIL();
  } catch (const InternalError& error) {
    EXPECT_THAT(error.detail(),
                ::testing::AllOf(::testing::HasSubstr("[MACHINE_LEARNING_WORKERS]"),
                                 ::testing::HasSubstr("[MACHINE_LEARNING_ROCM_PRECISION]"),
                                 ::testing::HasSubstr("abacus"), ::testing::HasSubstr("[HF_ENDPOINT]")));
  }
}

}  // namespace
}  // namespace immich::ml
