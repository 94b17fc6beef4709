#include "server/system_config/config_rules.hpp"

#include <gtest/gtest.h>

#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "platform/error/error.hpp"
#include "server/core/path_template.hpp"
#include "server/core/system_config_defaults.hpp"
#include "server/system_config/config_views.hpp"

namespace immich::system_config {
namespace {

api::AdminConfigDto Defaults() {
  return api::FromJson<api::AdminConfigDto>(kSystemConfigDefaults);
}

/// The message of the refusal, or empty.
std::string Refusal(const api::AdminConfigDto& config) {
  try {
    CheckConfig(config);
  } catch (const BadRequest& error) {
    return error.what();
  }
  return {};
}

TEST(CheckConfig, AcceptsTheDefaults) {
  EXPECT_EQ(Refusal(Defaults()), "");
}

TEST(CheckConfig, RefusesCronExpressionsThatCannotBeRead) {
  api::AdminConfigDto config = Defaults();
  config.library.scan.cron_expression = "every day";
  EXPECT_EQ(Refusal(config), "Invalid cron expression every day");
  config = Defaults();
  config.backup.database.cron_expression = "0 25 * * *";
  EXPECT_EQ(Refusal(config), "Invalid cron expression 0 25 * * *");
  config = Defaults();
  config.integrity_checks.checksum_files.cron_expression = "";
  EXPECT_EQ(Refusal(config), "Invalid cron expression ");
}

TEST(CheckConfig, RefusesStorageTemplatesThatDoNotRender) {
  api::AdminConfigDto config = Defaults();
  config.storage_template.template_ = "{{y}}/{{unknown}}";
  EXPECT_TRUE(Refusal(config).starts_with("Invalid storage template: ")) << Refusal(config);
  config.storage_template.template_ = "{{y}/{{filename}}";
  EXPECT_TRUE(Refusal(config).starts_with("Invalid storage template: ")) << Refusal(config);
}

TEST(CheckConfig, WhatIsSwitchedOnNeedsItsSettings) {
  api::AdminConfigDto config = Defaults();
  config.oauth.enabled = true;
  EXPECT_EQ(Refusal(config), "oauth.issuerUrl is required");
  config.oauth.issuer_url = "https://id.example.org";
  EXPECT_EQ(Refusal(config), "oauth.clientId is required");
  config.oauth.client_id = "photos";
  EXPECT_EQ(Refusal(config), "");
  config.oauth.mobile_override_enabled = true;
  EXPECT_EQ(Refusal(config), "oauth.mobileRedirectUri is required");
  config = Defaults();
  config.notifications.smtp.enabled = true;
  EXPECT_EQ(Refusal(config), "notifications.smtp.transport.host is required");
}

TEST(NormalizeConfig, AcceptsTheCodecsItTranscodesTo) {
  api::AdminConfigDto config = Defaults();
  config.ffmpeg.target_video_codec = api::VideoCodec::kHevc;
  config.ffmpeg.accepted_audio_codecs.clear();
  NormalizeConfig(config);
  const std::vector<api::VideoCodec> video = {api::VideoCodec::kH264, api::VideoCodec::kHevc};
  EXPECT_EQ(config.ffmpeg.accepted_video_codecs, video);
  EXPECT_EQ(config.ffmpeg.accepted_audio_codecs, std::vector<api::AudioCodec>{api::AudioCodec::kAac});
}

TEST(NormalizeConfig, TheExternalDomainIsAnOrigin) {
  api::AdminConfigDto config = Defaults();
  const auto normalized = [&config](std::string domain) {
    config.server.external_domain = std::move(domain);
    NormalizeConfig(config);
    return config.server.external_domain;
  };
  EXPECT_EQ(normalized(""), "");
  EXPECT_EQ(normalized("https://photos.example.org/"), "https://photos.example.org");
  EXPECT_EQ(normalized("http://10.0.0.1:2283/share?x"), "http://10.0.0.1:2283");
  for (const char* broken : {"photos.example.org", "https://", "ftp://x", "https://a b", "javascript:alert(1)"}) {
    EXPECT_THROW(normalized(broken), BadRequest) << broken;
  }
}

TEST(StorageTemplateOptions, EveryPresetCanBeUsed) {
  const api::SystemConfigTemplateStorageOptionDto options = StorageTemplateOptions();
  EXPECT_EQ(options.preset_options.size(), 21u);
  EXPECT_EQ(options.preset_options.front(), Defaults().storage_template.template_);
  for (const std::string& preset : options.preset_options) EXPECT_NO_THROW(ValidateStorageTemplate(preset)) << preset;
  for (const auto* group : {&options.year_options, &options.month_options, &options.week_options, &options.day_options,
                            &options.hour_options, &options.minute_options, &options.second_options}) {
    for (const std::string& token : *group) EXPECT_NO_THROW(ValidateStorageTemplate("{{" + token + "}}")) << token;
  }
}

TEST(ConfigViews, ShowNoSecrets) {
  api::AdminConfigDto config = Defaults();
  config.oauth.client_secret = "hush";
  config.notifications.smtp.transport.password = "hush";
  config.theme.custom_css = "body {}";
  config.machine_learning.facial_recognition.min_faces = 5;
  const std::string for_users = api::ToJson(ForUsers(config));
  const std::string for_everybody = api::ToJson(ForEverybody(config));
  EXPECT_EQ(for_users.find("hush"), std::string::npos);
  EXPECT_EQ(for_everybody.find("hush"), std::string::npos);
  EXPECT_NE(for_users.find(R"("minFaces":5)"), std::string::npos);
  EXPECT_EQ(for_everybody,
            R"({"oauth":{"autoLaunch":false,"buttonText":"Login with OAuth","enabled":false},)"
            R"("passwordLogin":{"enabled":true},"server":{"loginPageMessage":""},"theme":{"customCss":"body {}"}})");
}

}  // namespace
}  // namespace immich::system_config
