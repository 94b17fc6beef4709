#include "platform/fs/atomic_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::fs {
namespace {

std::size_t CountEntries(const std::string& path) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path)) ++count;
  return count;
}

TEST(AtomicFileTest, WritesAndReplaces) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "a.json";
  WriteFileAtomically(path, "first", 0600);
  EXPECT_EQ(ReadWholeFile(path), "first");
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  WriteFileAtomically(path, std::string(300000, 'x'));
  EXPECT_EQ(ReadWholeFile(path), std::string(300000, 'x'));
  EXPECT_EQ(CountEntries(directory.path()), 1u);
}

TEST(AtomicFileTest, FailureLeavesNothing) {
  const testing::TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "a/b");
  EXPECT_THROW(WriteFileAtomically(directory / "a", "x"), FileError);  // a folder cannot be replaced
  EXPECT_EQ(CountEntries(directory.path()), 1u);
  try {
    WriteFileAtomically(directory / "missing/a", "x");
    ADD_FAILURE();
  } catch (const FileError& error) {
    EXPECT_EQ(error.error_number(), ENOENT);
    EXPECT_STREQ(error.what(), "Internal server error");
    EXPECT_NE(error.detail().find("missing"), std::string::npos);
  }
}

TEST(AtomicFileTest, LongNamesWork) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / std::string(255, 'n');
  WriteFileAtomically(path, "x");
  EXPECT_EQ(ReadWholeFile(path), "x");
}

TEST(FileErrorTest, FullDiskIsNotADefect) {
  const Fd full = Open("/dev/full", O_WRONLY);
  const std::uint8_t byte = 1;
  try {
    WriteAllAt(full.get(), {&byte, 1}, 0, "/media/x");
    ADD_FAILURE();
  } catch (const Unavailable& error) {
    EXPECT_EQ(error.http_status(), 507);
    EXPECT_STREQ(error.what(), "The server's storage is full");
  }
  EXPECT_THROW(ThrowFileError("write", "x", EDQUOT), Unavailable);
}

TEST(FdTest, OwnsAndMoves) {
  Fd first = Open("/dev/null", O_RDONLY);
  const int number = first.get();
  Fd second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(second.get(), number);
  second.Reset();
  EXPECT_EQ(fcntl(number, F_GETFD), -1);
}

TEST(FdTest, ReadRefusesLargeFiles) {
  const testing::TemporaryDirectory directory;
  WriteFileAtomically(directory / "a", std::string(1000, 'a'));
  EXPECT_EQ(ReadWholeFile(directory / "a", 1000).size(), 1000u);
  EXPECT_THROW(ReadWholeFile(directory / "a", 999), PayloadTooLarge);
}

}  // namespace
}  // namespace immich::fs
