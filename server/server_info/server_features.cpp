#include "server/server_info/server_features.hpp"

namespace immich::server_info {

api::ServerFeaturesDto Features(const api::AdminConfigDto& config, bool is_from_file) {
  const api::AdminConfigMachineLearningDto& learning = config.machine_learning;
  api::ServerFeaturesDto features;
  features.smart_search = learning.enabled && learning.clip.enabled;
  features.facial_recognition = learning.enabled && learning.facial_recognition.enabled;
  // Duplicates are found among the embeddings of smart search.
  features.duplicate_detection = features.smart_search && learning.duplicate_detection.enabled;
  features.ocr = learning.enabled && learning.ocr.enabled;
  features.import_faces = config.metadata.faces.import_;
  features.map = config.map.enabled;
  features.reverse_geocoding = config.reverse_geocoding.enabled;
  features.sidecar = true;
  features.search = true;
  features.trash = config.trash.enabled;
  features.oauth = config.oauth.enabled;
  features.oauth_auto_launch = config.oauth.auto_launch;
  features.password_login = config.password_login.enabled;
  features.config_file = is_from_file;
  features.email = config.notifications.smtp.enabled;
  features.realtime_transcoding = config.ffmpeg.realtime.enabled;
  return features;
}

}  // namespace immich::server_info
