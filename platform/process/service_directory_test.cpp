#include "platform/process/service_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::process {
namespace {

struct stat StatOf(const std::string& path) {
  struct stat info{};
  EXPECT_EQ(lstat(path.c_str(), &info), 0);
  return info;
}

TEST(ServiceDirectoryTest, IsPrivate) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "a/b";
  EnsurePrivateDirectory(path, std::nullopt);
  EXPECT_EQ(StatOf(path).st_mode & 0777, 0700u);
  chmod(path.c_str(), 0755);
  EnsurePrivateDirectory(path, std::nullopt);
  EXPECT_EQ(StatOf(path).st_mode & 0777, 0700u);
}

TEST(ServiceDirectoryTest, RefusesLinksAndFiles) {
  const testing::TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "real");
  std::filesystem::create_directory_symlink(directory / "real", directory / "link");
  EXPECT_THROW(EnsurePrivateDirectory(directory / "link", std::nullopt), InternalError);
}

TEST(ServiceDirectoryTest, BelongsToTheAccount) {
  if (geteuid() != 0) {
    EXPECT_FALSE(ServiceAccount("/tmp"));
    GTEST_SKIP() << "the rest needs root";
  }
  const testing::TemporaryDirectory directory;
  const auto account = ServiceAccount(directory / "none");
  ASSERT_TRUE(account);
  EXPECT_NE(account->uid, 0u);
  const std::string path = directory / "data";
  EnsurePrivateDirectory(path, account);
  EXPECT_EQ(StatOf(path).st_uid, account->uid);
  EXPECT_THROW(EnsurePrivateDirectory(path, std::nullopt), InternalError);
  ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(ServiceAccount(path)->uid, 12345u);
}

TEST(ServiceDirectoryTest, LongSocketPathsMoveToAShortFolder) {
  EXPECT_EQ(SocketDirectory("/data/postgres.socket"), "/data/postgres.socket");
  const std::string deep = "/" + std::string(100, 'd');
  const std::string moved = SocketDirectory(deep);
  EXPECT_LT(moved.size(), 60u);
  EXPECT_EQ(SocketDirectory(deep), moved);
  EXPECT_NE(SocketDirectory(deep + "e"), moved);
}

}  // namespace
}  // namespace immich::process
