#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace immich::ml {

/// Where a model lives: `<cache>/<task>/<cleaned name>/<type>/model.onnx`, the original's layout.
struct ModelLocation {
  std::string task;
  std::string type;
  /// As the request gave it.
  std::string name;
  /// Folder name of the model.
  std::string cleaned_name;
  std::filesystem::path root;

  std::filesystem::path type_folder() const { return root / type; }
  std::filesystem::path onnx_file() const { return type_folder() / "model.onnx"; }
};

/// The part after the last `/` without dots; `:` and `\` become `_`. Compat: folder names of existing caches.
std::string CleanModelName(std::string_view name);
/// Throws BadRequest for a name that makes no folder name (empty, control characters, over 200 bytes).
ModelLocation LocateModel(const std::filesystem::path& cache, std::string_view task, std::string_view type,
                          std::string_view name);

}  // namespace immich::ml
