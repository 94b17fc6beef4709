#include "ml/model_cache/model_location.hpp"

#include <algorithm>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

constexpr std::size_t kMaxNameBytes = 200;

bool IsFolderName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

}  // namespace

std::string CleanModelName(std::string_view name) {
  if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string cleaned;
  for (const char c : name) {
    if (c == '.') continue;
    cleaned += c == ':' || c == '\\' ? '_' : c;
  }
  return cleaned;
}

ModelLocation LocateModel(const std::filesystem::path& cache, std::string_view task, std::string_view type,
                          std::string_view name) {
  ModelLocation location;
  location.task = task;
  location.type = type;
  location.name = name;
  location.cleaned_name = CleanModelName(name);
  if (!IsFolderName(location.cleaned_name)) throw BadRequest("Invalid model name");
  location.root = cache / location.task / location.cleaned_name;
  return location;
}

}  // namespace immich::ml
