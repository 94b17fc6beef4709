#include "platform/fs/file_move.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "platform/fs/atomic_file.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::fs {
namespace {

struct stat StatOf(const std::string& path) {
  struct stat info{};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info;
}

/// A folder on another file system than the temporary folder; empty when the machine has none.
class OtherFileSystem {
 public:
  explicit OtherFileSystem(const std::string& than) {
    for (const char* base : {"/dev/shm", "/var/tmp", "/run"}) {
      std::string path = std::string(base) + "/immich-test-XXXXXX";
      if (mkdtemp(path.data()) == nullptr) continue;
      if (StatOf(path).st_dev != StatOf(than).st_dev) {
        path_ = path;
        return;
      }
      rmdir(path.c_str());
    }
  }
  ~OtherFileSystem() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class FileMoveTest : public ::testing::Test {
 protected:
  /// Runs `check(source folder, target folder)` within one file system and across two.
  template <class Check>
  void OnSameAndOtherFileSystem(Check check) {
    std::filesystem::create_directories(directory_ / "same");
    check(directory_.path(), directory_ / "same");
    const OtherFileSystem other(directory_.path());
    if (other.path().empty()) GTEST_SKIP() << "only one file system here";
    check(directory_.path(), other.path());
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(other.path()), {}), 1);
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(FileMoveTest, ContentModeAndTimesMove) {
  OnSameAndOtherFileSystem([](const std::string& from, const std::string& to) {
    const std::string content(3'000'001, 'm');
    WriteFileAtomically(from + "/a", content, 0640);
    const timespec times[2] = {{1000000000, 123}, {1500000000, 456000000}};
    ASSERT_EQ(utimensat(AT_FDCWD, (from + "/a").c_str(), times, 0), 0);
    MoveFile(from + "/a", to + "/b", {.sha1 = crypto::HashSha1(content)});
    EXPECT_FALSE(std::filesystem::exists(from + "/a"));
    EXPECT_EQ(ReadWholeFile(to + "/b"), content);
    const struct stat info = StatOf(to + "/b");
    EXPECT_EQ(info.st_mode & 07777, 0640u);
    EXPECT_EQ(info.st_mtim.tv_sec, 1500000000);
    EXPECT_EQ(info.st_mtim.tv_nsec, 456000000);
  });
}

TEST_F(FileMoveTest, ExistingTargetIsKeptUnlessToldOtherwise) {
  OnSameAndOtherFileSystem([](const std::string& from, const std::string& to) {
    WriteFileAtomically(from + "/a", "new");
    WriteFileAtomically(to + "/b", "old");
    try {
      MoveFile(from + "/a", to + "/b");
      ADD_FAILURE();
    } catch (const FileError& error) {
      EXPECT_EQ(error.error_number(), EEXIST);
    }
    EXPECT_EQ(ReadWholeFile(from + "/a"), "new");
    EXPECT_EQ(ReadWholeFile(to + "/b"), "old");
    MoveFile(from + "/a", to + "/b", {.replace = true});
    EXPECT_FALSE(std::filesystem::exists(from + "/a"));
    EXPECT_EQ(ReadWholeFile(to + "/b"), "new");
  });
}

TEST_F(FileMoveTest, WrongChecksumKeepsTheSource) {
  const OtherFileSystem other(directory_.path());
  if (other.path().empty()) GTEST_SKIP() << "only one file system here";
  WriteFileAtomically(directory_ / "a", "content");
  EXPECT_THROW(MoveFile(directory_ / "a", other.path() + "/b", {.sha1 = crypto::HashSha1("other")}), InternalError);
  EXPECT_EQ(ReadWholeFile(directory_ / "a"), "content");
  EXPECT_TRUE(std::filesystem::is_empty(other.path()));
}

TEST_F(FileMoveTest, MissingSource) {
  EXPECT_THROW(MoveFile(directory_ / "none", directory_ / "b"), FileError);
  EXPECT_THROW(CopyFile(directory_ / "none", directory_ / "b"), FileError);
  EXPECT_THROW(CopyFile(directory_.path(), directory_ / "b"), FileError);
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST_F(FileMoveTest, CopyKeepsTheSource) {
  WriteFileAtomically(directory_ / "a", "content");
  CopyFile(directory_ / "a", directory_ / "b");
  EXPECT_EQ(ReadWholeFile(directory_ / "a"), "content");
  EXPECT_EQ(ReadWholeFile(directory_ / "b"), "content");
  EXPECT_EQ(HashFileSha1(directory_ / "b"), crypto::HashSha1("content"));
  WriteFileAtomically(directory_ / "empty", "");
  CopyFile(directory_ / "empty", directory_ / "c");
  EXPECT_EQ(ReadWholeFile(directory_ / "c"), "");
}

}  // namespace
}  // namespace immich::fs
