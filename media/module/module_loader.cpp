#include "media/module/module_loader.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <system_error>

namespace immich::media {
namespace {

namespace fs = std::filesystem;

constexpr int kParentsSearched = 5;

/// Path of the module file, empty when no candidate exists.
fs::path LocateModule(std::string_view name) {
  std::error_code error;
  fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const std::string file = "lib" + std::string(name) + ".so";
  for (int i = 0; i <= kParentsSearched && !error; ++i) {
    const fs::path candidate = folder / "lib" / "immich" / file;
    if (fs::exists(candidate, error)) return candidate;
    error.clear();
    folder = folder.parent_path();
  }
  return {};
}

std::expected<void*, Failure> OpenModule(std::string_view name) {
  const fs::path path = LocateModule(name);
  if (path.empty()) return Fail(FailureKind::kInternal, "module " + std::string(name) + " is not installed");
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return Fail(FailureKind::kInternal, dlerror());
  return handle;
}

}  // namespace

std::expected<void*, Failure> FindModuleEntry(std::string_view name, std::string_view entry) {
  static std::mutex mutex;
  static std::map<std::string, std::expected<void*, Failure>, std::less<>> handles;
  const std::scoped_lock lock(mutex);
  auto found = handles.find(name);
  if (found == handles.end()) found = handles.emplace(std::string(name), OpenModule(name)).first;
  if (!found->second) return std::unexpected(found->second.error());
  void* address = dlsym(*found->second, std::string(entry).c_str());
  if (address == nullptr) {
    return Fail(FailureKind::kInternal, "module " + std::string(name) + " has no " + std::string(entry));
  }
  return address;
}

}  // namespace immich::media
