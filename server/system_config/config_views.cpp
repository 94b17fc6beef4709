#include "server/system_config/config_views.hpp"

namespace immich::system_config {

namespace {

api::UserConfigImageDto ImageForUsers(const api::AdminConfigImageDto& image) {
  api::UserConfigImageDto view;
  view.thumbnail.size = image.thumbnail.size;
  view.preview.size = image.preview.size;
  view.fullsize.enabled = image.fullsize.enabled;
  return view;
}

api::UserConfigMachineLearningDto LearningForUsers(const api::AdminConfigMachineLearningDto& learning) {
  api::UserConfigMachineLearningDto view;
  view.enabled = learning.enabled;
  view.clip.enabled = learning.clip.enabled;
  view.duplicate_detection.enabled = learning.duplicate_detection.enabled;
  view.facial_recognition.enabled = learning.facial_recognition.enabled;
  view.facial_recognition.min_faces = learning.facial_recognition.min_faces;
  view.ocr.enabled = learning.ocr.enabled;
  return view;
}

/// Both views of the way to sign in have the same members.
template <class View>
void CopySignIn(const api::AdminConfigDto& config, View& view) {
  view.oauth.enabled = config.oauth.enabled;
  view.oauth.auto_launch = config.oauth.auto_launch;
  view.oauth.button_text = config.oauth.button_text;
  view.password_login.enabled = config.password_login.enabled;
  view.server.login_page_message = config.server.login_page_message;
  view.theme.custom_css = config.theme.custom_css;
}

}  // namespace

api::UserConfigDto ForUsers(const api::AdminConfigDto& config) {
  api::UserConfigDto view;
  CopySignIn(config, view);
  view.ffmpeg.realtime.enabled = config.ffmpeg.realtime.enabled;
  view.ffmpeg.realtime.resolutions = config.ffmpeg.realtime.resolutions;
  view.ffmpeg.realtime.video_codecs = config.ffmpeg.realtime.video_codecs;
  view.image = ImageForUsers(config.image);
  view.machine_learning = LearningForUsers(config.machine_learning);
  view.map.enabled = config.map.enabled;
  view.map.light_style = config.map.light_style;
  view.map.dark_style = config.map.dark_style;
  view.reverse_geocoding.enabled = config.reverse_geocoding.enabled;
  view.server.external_domain = config.server.external_domain;
  view.server.public_users = config.server.public_users;
  view.trash.enabled = config.trash.enabled;
  view.trash.days = config.trash.days;
  view.user.delete_delay = config.user.delete_delay;
  return view;
}

api::PublicConfigDto ForEverybody(const api::AdminConfigDto& config) {
  api::PublicConfigDto view;
  CopySignIn(config, view);
  return view;
}

api::SystemConfigTemplateStorageOptionDto StorageTemplateOptions() {
  api::SystemConfigTemplateStorageOptionDto options;
  options.year_options = {"y", "yy"};
  options.month_options = {"M", "MM", "MMM", "MMMM"};
  options.week_options = {"W", "WW"};
  options.day_options = {"d", "dd"};
  options.hour_options = {"h", "hh", "H", "HH"};
  options.minute_options = {"m", "mm"};
  options.second_options = {"s", "ss", "SSS"};
  options.preset_options = {
      // The default comes first; then one folder a day, a month, a week, a year.
      "{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}",
      "{{y}}/{{y}}-{{MM}}/{{y}}-{{MM}}-{{dd}}/{{filename}}",
      "{{y}}/{{MM}}/{{dd}}/{{filename}}",
      "{{y}}/{{MM}}-{{dd}}/{{filename}}",
      "{{y}}/{{MMMM}}/{{dd}}/{{filename}}",
      "{{y}}-{{MM}}-{{dd}}/{{filename}}",
      "{{y}}-{{MMM}}-{{dd}}/{{filename}}",
      "{{y}}/{{y}}-{{MM}}/{{filename}}",
      "{{y}}/{{MM}}/{{filename}}",
      "{{y}}/{{MMM}}/{{filename}}",
      "{{y}}/{{MMMM}}/{{filename}}",
      "{{y}}-{{MM}}/{{filename}}",
      "{{y}}/{{y}}-W{{WW}}/{{filename}}",
      "{{y}}/{{filename}}",
      "{{y}}/{{filetypefull}}/{{MM}}/{{filename}}",
      "{{y}}/{{y}}-{{MM}}-{{dd}}/{{assetId}}",
      "{{y}}/{{y}}-{{MM}}/{{assetId}}",
      "{{album}}/{{filename}}",
      "{{#if album}}{{album}}{{else}}{{y}}/{{MM}}{{/if}}/{{filename}}",
      "{{y}}/{{#if album}}{{album}}{{else}}{{MM}}{{/if}}/{{filename}}",
      "{{make}}/{{model}}/{{filename}}",
  };
  return options;
}

}  // namespace immich::system_config
