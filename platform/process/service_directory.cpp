#include "platform/process/service_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <span>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::process {
namespace {

/// sun_path holds 108 bytes with the final NUL; the longest name in the folder is PostgreSQL's lock file.
constexpr std::size_t kMaxSocketDirectoryBytes = 107 - std::string_view("/.s.PGSQL.5432.lock").size();

}  // namespace

std::optional<Account> ServiceAccount(const std::string& data_directory) {
  if (geteuid() != 0) return std::nullopt;
  struct stat info;
  if (stat(data_directory.c_str(), &info) == 0 && info.st_uid != 0) {
    return Account{info.st_uid, info.st_gid, std::to_string(info.st_uid)};
  }
  for (const char* name : {"postgres", "nobody"}) {
    if (auto account = FindAccount(name)) return account;
  }
  throw InternalError("PostgreSQL cannot run as root and there is neither an account postgres nor nobody");
}

void EnsurePrivateDirectory(const std::string& path, const std::optional<Account>& account) {
  fs::EnsureDirectory(fs::ParentOf(path));
  const uid_t owner = account ? account->uid : geteuid();
  if (mkdir(path.c_str(), 0700) == 0) {
    if (account && chown(path.c_str(), account->uid, account->gid) != 0) fs::ThrowFileError("chown", path, errno);
    fs::SyncDirectory(fs::ParentOf(path));
    return;
  }
  if (errno != EEXIST) fs::ThrowFileError("mkdir", path, errno);
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) fs::ThrowFileError("stat", path, errno);
  if (!S_ISDIR(info.st_mode) || info.st_uid != owner) {
    throw InternalError(path + " exists and is not a folder of user " + std::to_string(owner));
  }
  if (chmod(path.c_str(), 0700) != 0) fs::ThrowFileError("chmod", path, errno);
}

std::string SocketDirectory(const std::string& preferred) {
  if (preferred.size() <= kMaxSocketDirectoryBytes) return preferred;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string base = geteuid() != 0 && runtime != nullptr && *runtime == '/' ? runtime : "/tmp";
  const auto digest = crypto::HashSha256(preferred);
  return base + "/immich-" + crypto::ToHex(std::span(digest).first(8));
}

}  // namespace immich::process
