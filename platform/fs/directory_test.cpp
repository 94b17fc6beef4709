#include "platform/fs/directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "platform/fs/atomic_file.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::fs {
namespace {

TEST(DirectoryTest, CreatesAllLevels) {
  const testing::TemporaryDirectory directory;
  EnsureDirectory(directory / "a/b//c/");
  EXPECT_TRUE(std::filesystem::is_directory(directory / "a/b/c"));
  EnsureDirectory(directory / "a/b/c");
  WriteFileAtomically(directory / "file", "x");
  EXPECT_THROW(EnsureDirectory(directory / "file"), FileError);
  EXPECT_THROW(EnsureDirectory(directory / "file/below"), FileError);
}

TEST(DirectoryTest, RemovesFiles) {
  const testing::TemporaryDirectory directory;
  WriteFileAtomically(directory / "file", "x");
  EXPECT_TRUE(RemoveFile(directory / "file"));
  EXPECT_FALSE(RemoveFile(directory / "file"));
  EXPECT_FALSE(RemoveFile(directory / "no/such/folder"));
  EXPECT_THROW(RemoveFile(directory.path()), FileError);
}

TEST(DirectoryTest, Parents) {
  EXPECT_EQ(ParentOf("/a/b"), "/a");
  EXPECT_EQ(ParentOf("/a//b//"), "/a");
  EXPECT_EQ(ParentOf("/a"), "/");
  EXPECT_EQ(ParentOf("/"), "/");
  EXPECT_EQ(ParentOf("a/b"), "a");
  EXPECT_EQ(ParentOf("a"), ".");
  EXPECT_EQ(ParentOf(""), ".");
}

TEST(DirectoryTest, TemporaryNamesStayBesideTheirFile) {
  const std::string name = TemporaryNameBeside("/media/upload/photo.jpg");
  EXPECT_TRUE(name.starts_with("/media/upload/.photo.jpg.")) << name;
  EXPECT_TRUE(name.ends_with(".part"));
  EXPECT_NE(name, TemporaryNameBeside("/media/upload/photo.jpg"));
  EXPECT_TRUE(TemporaryNameBeside("photo.jpg").starts_with(".photo.jpg."));
}

TEST(DirectoryTest, Space) {
  const testing::TemporaryDirectory directory;
  const DiskSpace space = GetDiskSpace(directory.path());
  EXPECT_GT(space.total_bytes, 0u);
  EXPECT_LE(space.available_bytes, space.free_bytes);
  EXPECT_LE(space.free_bytes, space.total_bytes);
  EXPECT_THROW(GetDiskSpace(directory / "none"), FileError);
}

}  // namespace
}  // namespace immich::fs
