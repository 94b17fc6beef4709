#include "ml/model_cache/model_hub.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

#include "ml/models/model_error.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

namespace json = boost::json;

constexpr std::size_t kListingLimitBytes = 8 * 1024 * 1024;
constexpr std::string_view kOcrTask = "ocr";
constexpr std::string_view kObjectTask = "object-detection";
constexpr std::string_view kOcrRepository = "RapidAI/RapidOCR";
constexpr std::string_view kOcrRevision = "v3.4.0";

std::string Text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::uint64_t Size(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() && value->as_int64() > 0 ? static_cast<std::uint64_t>(value->as_int64())
                                                                        : 0;
}

/// Paths come from another machine: nothing may leave the folder of the model.
bool IsSafePath(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  const std::filesystem::path parsed(path);
  return std::none_of(parsed.begin(), parsed.end(), [](const auto& part) { return part == ".." || part == "."; });
}

std::string EncodePath(std::string_view path) {
  std::string encoded;
  while (true) {
    const std::size_t slash = path.find('/');
    encoded += crypto::PercentEncode(path.substr(0, slash));
    if (slash == std::string_view::npos) return encoded;
    encoded += '/';
    path.remove_prefix(slash + 1);
  }
}

RemoteFile FromHuggingFace(const json::object& entry, const std::string& base_url) {
  RemoteFile file;
  file.path = Text(entry, "path");
  file.url = base_url + EncodePath(file.path);
  file.size_bytes = Size(entry, "size");
  if (const json::value* lfs = entry.if_contains("lfs"); lfs != nullptr && lfs->is_object()) {
    file.sha256 = Text(lfs->as_object(), "oid");
    if (const std::uint64_t size = Size(lfs->as_object(), "size"); size > 0) file.size_bytes = size;
  } else {
    file.git_sha1 = Text(entry, "oid");
  }
  return file;
}

/// Where a file of the repository goes, empty when it is not needed. Repositories in the layout of model exporters
/// (`onnx/model.onnx` or `model.onnx`) serve object detection as well.
std::string TargetOf(const std::string& path, const ModelLocation& location) {
  const bool is_root_file = path.find('/') == std::string::npos;
  if (is_root_file && path.ends_with(".json")) return path;
  if (path.starts_with(location.type + "/")) {
    const bool is_for_other_hardware = path.ends_with(".armnn") || path.find("/rknpu/") != std::string::npos;
    return is_for_other_hardware ? "" : path;
  }
  if (location.task != kObjectTask) return "";
  const std::string name = std::filesystem::path(path).filename().string();
  const bool is_graph_folder = is_root_file || path.starts_with("onnx/");
  return is_graph_folder && (name == "model.onnx" || name == "model.onnx_data") ? location.type + "/" + name : "";
}

/// The graph comes last, so that its presence means that the model is complete.
std::vector<RemoteFile> GraphLast(std::vector<RemoteFile> files, const ModelLocation& location) {
  const std::string graph_path = location.type + "/model.onnx";
  const auto graph =
      std::find_if(files.begin(), files.end(), [&](const RemoteFile& file) { return file.path == graph_path; });
  if (graph == files.end()) throw ModelResourceError("the hub has no " + graph_path + " of " + location.name);
  RemoteFile last = std::move(*graph);
  std::erase_if(files, [&](const RemoteFile& file) { return file.path == graph_path || file.path.empty(); });
  files.push_back(std::move(last));
  return files;
}

template <class Visit>
void ForEachObject(const json::value& list, Visit visit) {
  if (!list.is_array()) throw ModelResourceError("the hub's list of files makes no sense");
  for (const json::value& entry : list.as_array()) {
    if (entry.is_object()) visit(entry.as_object());
  }
}

/// Starts the file names of a language, and the word for its size: `LATIN__PP-OCRv5_mobile` → `latin_`, `mobile`.
struct OcrName {
  std::string language;
  std::string size;
};

OcrName ParseOcrName(std::string_view name) {
  OcrName parsed{"ch_", name.ends_with("_server") ? "server" : "mobile"};
  if (const std::size_t end = name.find("__"); end != std::string_view::npos) {
    parsed.language = std::string(name.substr(0, end)) + "_";
    std::transform(parsed.language.begin(), parsed.language.end(), parsed.language.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return parsed;
}

}  // namespace

std::vector<RemoteFile> SelectHuggingFaceFiles(std::string_view listing, const std::string& base_url,
                                               const ModelLocation& location) {
  const auto document = immich::json::Document::Parse(listing);
  std::vector<RemoteFile> files;
  ForEachObject(document.root(), [&](const json::object& entry) {
    if (Text(entry, "type") != "file") return;
    RemoteFile file = FromHuggingFace(entry, base_url);
    file.path = TargetOf(file.path, location);
    if (IsSafePath(file.path)) files.push_back(std::move(file));
  });
  return GraphLast(std::move(files), location);
}

std::vector<RemoteFile> SelectOcrFiles(std::string_view listing, const std::string& base_url,
                                       const ModelLocation& location) {
  const auto document = immich::json::Document::Parse(listing);
  OcrName wanted = ParseOcrName(location.cleaned_name);
  const bool is_detection = location.type == "detection";
  const std::string folder = std::string("onnx/PP-OCRv5/") + (is_detection ? "det/" : "rec/");
  if (is_detection) wanted.language = "ch_";
  const json::value* data = document.root().is_object() ? document.root().as_object().if_contains("Data") : nullptr;
  const json::value* list = data != nullptr && data->is_object() ? data->as_object().if_contains("Files") : nullptr;
  if (list == nullptr) throw ModelResourceError("the hub's list of files makes no sense");
  std::vector<RemoteFile> files;
  ForEachObject(*list, [&](const json::object& entry) {
    const std::string path = Text(entry, "Path");
    if (!path.starts_with(folder + wanted.language) || !path.ends_with(".onnx")) return;
    if (path.find(wanted.size) == std::string::npos) return;
    files.push_back(
        {base_url + EncodePath(path), location.type + "/model.onnx", Size(entry, "Size"), Text(entry, "Sha256"), ""});
  });
  return GraphLast(std::move(files), location);
}

std::vector<RemoteFile> ListRemoteFiles(const HubSettings& settings, const ModelLocation& location) {
  const DownloadOptions options{.bearer_token = location.task == kOcrTask ? "" : settings.token};
  try {
    if (location.task == kOcrTask) {
      const std::string root = settings.ocr_endpoint;
      const std::string repository(kOcrRepository), revision(kOcrRevision);
      const std::string listing =
          DownloadText(root + "/api/v1/models/" + repository + "/repo/files?Recursive=true&Revision=" + revision,
                       kListingLimitBytes, options);
      return SelectOcrFiles(listing, root + "/models/" + repository + "/resolve/" + revision + "/", location);
    }
    const bool names_owner = location.task == kObjectTask && location.name.find('/') != std::string::npos;
    const std::string repository =
        names_owner ? EncodePath(location.name) : settings.owner + "/" + EncodePath(location.cleaned_name);
    const std::string listing = DownloadText(
        settings.endpoint + "/api/models/" + repository + "/tree/main?recursive=true", kListingLimitBytes, options);
    return SelectHuggingFaceFiles(listing, settings.endpoint + "/" + repository + "/resolve/main/", location);
  } catch (const BadRequest& malformed) {
    throw ModelResourceError(std::string("the hub's list of files is no JSON: ") + malformed.what());
  }
}

}  // namespace immich::ml
