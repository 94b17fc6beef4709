#include "server/core/pending_files.hpp"

#include <cerrno>
#include <cstdio>
#include <set>

#include "platform/async/blocking.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/log/log.hpp"

namespace immich {

namespace {

void RemoveQuietly(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    try {
      fs::RemoveFile(path);
    } catch (const InternalError& error) {
      log::Warn("Storage", "{}", error.detail());
    }
  }
}

}  // namespace

PendingFiles::~PendingFiles() {
  std::vector<std::string> left;
  for (auto& [temporary, target] : files_) left.push_back(std::move(temporary));
  if (!left.empty()) PostBlocking([left = std::move(left)] { RemoveQuietly(left); });
}

std::string PendingFiles::Add(std::string target) {
  std::string temporary = fs::TemporaryNameBeside(target);
  files_.emplace_back(temporary, std::move(target));
  return temporary;
}

Task<void> PendingFiles::Publish() {
  co_await RunBlocking([files = files_] {
    std::set<std::string> folders;
    for (const auto& [temporary, target] : files) {
      if (std::rename(temporary.c_str(), target.c_str()) != 0) fs::ThrowFileError("rename", target, errno);
      folders.insert(fs::ParentOf(target));
    }
    for (const std::string& folder : folders) fs::SyncDirectory(folder);
  });
  files_.clear();
}

Task<void> PendingFiles::Discard() {
  std::vector<std::string> temporaries;
  for (auto& [temporary, target] : files_) temporaries.push_back(std::move(temporary));
  files_.clear();
  co_await RemoveFiles(std::move(temporaries));
}

std::vector<std::string> PendingFiles::targets() const {
  std::vector<std::string> out;
  for (const auto& [temporary, target] : files_) out.push_back(target);
  return out;
}

Task<void> RemoveFiles(std::vector<std::string> paths) {
  if (paths.empty()) co_return;
  co_await RunBlocking([paths = std::move(paths)] { RemoveQuietly(paths); });
}

}  // namespace immich
