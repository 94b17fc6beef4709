#include "server/core/empty_folders.hpp"

#include <dirent.h>
#include <unistd.h>

#include <cstring>
#include <memory>

namespace immich {

namespace {

/// True when nothing is left in `folder`.
bool Empty(const std::string& folder, int depth) {
  constexpr int kMaxDepth = 64;
  if (depth > kMaxDepth) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(opendir(folder.c_str()), &closedir);
  if (handle == nullptr) return false;
  bool is_empty = true;
  while (const dirent* entry = readdir(handle.get())) {
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    const std::string path = folder + "/" + entry->d_name;
    // rmdir refuses a folder that was filled meanwhile, and whatever is no folder.
    const bool is_folder = entry->d_type == DT_DIR;
    if (!is_folder || !Empty(path, depth + 1) || rmdir(path.c_str()) != 0) is_empty = false;
  }
  return is_empty;
}

}  // namespace

void RemoveEmptyFolders(const std::string& root) {
  Empty(root, 0);
}

}  // namespace immich
