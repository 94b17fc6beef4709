#include "server/system_config/config_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "platform/error/error.hpp"
#include "platform/time/cron_schedule.hpp"
#include "server/core/clip_models.hpp"
#include "server/core/path_template.hpp"

namespace immich::system_config {

namespace {

void CheckCron(std::string_view expression) {
  if (!CronSchedule::Parse(expression)) throw BadRequest(fmt::format("Invalid cron expression {}", expression));
}

void CheckCrons(const api::AdminConfigDto& config) {
  CheckCron(config.backup.database.cron_expression);
  CheckCron(config.library.scan.cron_expression);
  CheckCron(config.integrity_checks.missing_files.cron_expression);
  CheckCron(config.integrity_checks.untracked_files.cron_expression);
  CheckCron(config.integrity_checks.checksum_files.cron_expression);
}

void CheckTemplate(const api::AdminConfigStorageTemplateDto& settings) {
  try {
    ValidateStorageTemplate(settings.template_);
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("Invalid storage template: {}", error.what()));
  }
}

void Require(const std::string& value, std::string_view name) {
  if (value.empty()) throw BadRequest(fmt::format("{} is required", name));
}

void CheckOAuth(const api::AdminConfigOAuthDto& oauth) {
  if (!oauth.enabled) return;
  Require(oauth.issuer_url, "oauth.issuerUrl");
  Require(oauth.client_id, "oauth.clientId");
  if (oauth.mobile_override_enabled) Require(oauth.mobile_redirect_uri, "oauth.mobileRedirectUri");
}

void CheckMail(const api::AdminConfigSmtpDto& smtp) {
  if (!smtp.enabled) return;
  Require(smtp.transport.host, "notifications.smtp.transport.host");
  Require(smtp.from, "notifications.smtp.from");
}

void CheckModels(const api::AdminConfigMachineLearningDto& machine_learning) {
  const std::string& model = machine_learning.clip.model_name;
  if (!ClipModelDimension(model)) throw BadRequest(fmt::format("Unknown CLIP model: {}", model));
}

template <class Codec>
void Accept(std::vector<Codec>& accepted, Codec target) {
  if (std::ranges::find(accepted, target) == accepted.end()) accepted.push_back(target);
}

/// `https://photos.example.org:8443`, whatever follows the host.
std::string OriginOf(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  const std::string_view scheme = url.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end);
  if (scheme != "http" && scheme != "https") throw BadRequest("server.externalDomain is not a URL");
  const std::size_t host = scheme_end + 3;
  const std::string_view origin = url.substr(0, url.find_first_of("/?#", host));
  if (origin.size() == host || origin.find_first_of(" \t\r\n\"<>\\@") != std::string_view::npos) {
    throw BadRequest("server.externalDomain is not a URL");
  }
  return std::string(origin);
}

}  // namespace

void CheckConfig(const api::AdminConfigDto& config) {
  CheckCrons(config);
  CheckTemplate(config.storage_template);
  CheckOAuth(config.oauth);
  CheckMail(config.notifications.smtp);
  CheckModels(config.machine_learning);
}

void NormalizeConfig(api::AdminConfigDto& config) {
  Accept(config.ffmpeg.accepted_video_codecs, config.ffmpeg.target_video_codec);
  Accept(config.ffmpeg.accepted_audio_codecs, config.ffmpeg.target_audio_codec);
  std::string& domain = config.server.external_domain;
  if (!domain.empty()) domain = OriginOf(domain);
}

}  // namespace immich::system_config
