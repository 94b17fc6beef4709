#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ml/model_cache/http_download.hpp"
#include "ml/model_cache/model_location.hpp"

namespace immich::ml {

/// A file to download.
struct RemoteFile {
  std::string url;
  /// Relative to the root of the model.
  std::string path;
  std::uint64_t size_bytes = 0;
  /// Lower-case hexadecimal, empty when the hub does not tell.
  std::string sha256;
  /// Hash of a git blob, for small files the hub keeps in git. Empty when it does not tell.
  std::string git_sha1;
};

struct HubSettings {
  /// HF_ENDPOINT: a Hugging Face compatible host.
  std::string endpoint = "https://huggingface.co";
  /// HF_TOKEN
  std::string token;
  /// MACHINE_LEARNING_MODEL_OWNER: whose repositories hold the converted models.
  std::string owner = "immich-app";
  /// MODELSCOPE_ENDPOINT: where the text recognition models are.
  std::string ocr_endpoint = "https://www.modelscope.cn";
  /// HF_HUB_OFFLINE: use what is in the cache, download nothing.
  bool offline = false;
};

/// Blocking. The files of a model; the graph is last. Throws DownloadError, and ModelResourceError for an answer that
/// makes no sense or a model without a graph of the wanted type.
std::vector<RemoteFile> ListRemoteFiles(const HubSettings& settings, const ModelLocation& location);

/// What ListRemoteFiles takes from a listing of the hub (the JSON text).
std::vector<RemoteFile> SelectHuggingFaceFiles(std::string_view listing, const std::string& base_url,
                                               const ModelLocation& location);
/// The same for the hub of the text recognition models: one detector for all, one recogniser a language and size.
std::vector<RemoteFile> SelectOcrFiles(std::string_view listing, const std::string& base_url,
                                       const ModelLocation& location);

}  // namespace immich::ml
