#include "server/server_info/server_features.hpp"

#include <gtest/gtest.h>

#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "server/core/system_config_defaults.hpp"
#include "server/server_info/media_type_list.hpp"
#include "server/server_info/server_info_service.hpp"

namespace immich::server_info {
namespace {

api::AdminConfigDto Defaults() {
  return api::FromJson<api::AdminConfigDto>(kSystemConfigDefaults);
}

TEST(ServerFeatures, AFreshInstallationHasMachineLearningOn) {
  const api::ServerFeaturesDto features = Features(Defaults(), false);
  EXPECT_TRUE(features.smart_search);
  EXPECT_TRUE(features.facial_recognition);
  EXPECT_TRUE(features.duplicate_detection);
  EXPECT_TRUE(features.ocr);
  EXPECT_TRUE(features.map);
  EXPECT_TRUE(features.reverse_geocoding);
  EXPECT_TRUE(features.password_login);
  EXPECT_TRUE(features.trash);
  EXPECT_FALSE(features.oauth);
  EXPECT_FALSE(features.email);
  EXPECT_FALSE(features.config_file);
  EXPECT_FALSE(features.import_faces);
  EXPECT_FALSE(features.realtime_transcoding);
}

TEST(ServerFeatures, MachineLearningOffTurnsItsFeaturesOff) {
  api::AdminConfigDto config = Defaults();
  config.machine_learning.enabled = false;
  const api::ServerFeaturesDto features = Features(config, true);
  EXPECT_FALSE(features.smart_search);
  EXPECT_FALSE(features.facial_recognition);
  EXPECT_FALSE(features.duplicate_detection);
  EXPECT_FALSE(features.ocr);
  EXPECT_TRUE(features.search);
  EXPECT_TRUE(features.config_file);
}

TEST(ServerFeatures, DuplicatesNeedSmartSearch) {
  api::AdminConfigDto config = Defaults();
  config.machine_learning.clip.enabled = false;
  const api::ServerFeaturesDto features = Features(config, false);
  EXPECT_FALSE(features.smart_search);
  EXPECT_FALSE(features.duplicate_detection);
  EXPECT_TRUE(features.facial_recognition);
}

TEST(MediaTypeList, HasTheNumbersOfTheContract) {
  const api::ServerMediaTypesResponseDto types = MediaTypeList();
  EXPECT_EQ(types.image.size(), 48u);
  EXPECT_EQ(types.video.size(), 20u);
  EXPECT_EQ(types.image.front(), ".avif");
  EXPECT_EQ(types.video.front(), ".3gp");
  EXPECT_EQ(types.sidecar, std::vector<std::string>{".xmp"});
}

TEST(ServerVersionAnswers, ArePlainNumbersAndLinksOfTheSameVersion) {
  EXPECT_EQ(api::ToJson(Version()), R"({"major":3,"minor":2,"patch":2,"prerelease":null})");
  EXPECT_EQ(ApkLinks().arm64v8a,
            "https://github.com/immich-app/immich/releases/download/v3.2.2/app-arm64-v8a-release.apk");
}

}  // namespace
}  // namespace immich::server_info
