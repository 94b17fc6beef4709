#include "platform/fs/file_writer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "platform/async/event_loop.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::fs {
namespace {

class FileWriterTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory directory_;
  const std::string target_ = directory_ / "upload/ab/cd/photo.jpg";
};

TEST_F(FileWriterTest, WritesHashesAndPublishes) {
  RunToCompletion([&]() -> Task<void> {
    FileWriter writer = co_await FileWriter::Create(target_, {.expected_bytes = 2'000'000, .chunk_bytes = 1000});
    std::string content;
    for (std::size_t size = 0; content.size() < 300'000; size = (size * 7 + 1) % 5000) {
      const std::string piece(size, static_cast<char>('a' + size % 26));
      content += piece;
      co_await writer.Write(crypto::AsBytes(piece));
      EXPECT_EQ(writer.bytes(), content.size());
    }
    const FileWriter::Finished finished = co_await writer.Finish();
    EXPECT_EQ(finished.bytes, content.size());
    EXPECT_EQ(finished.sha1, crypto::HashSha1(content));
    EXPECT_FALSE(std::filesystem::exists(target_));
    co_await writer.Publish();
    EXPECT_EQ(ReadWholeFile(target_), content);
  });
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(ParentOf(target_)), {}), 1);
  struct stat info;
  ASSERT_EQ(stat(target_.c_str(), &info), 0);
  EXPECT_LT(info.st_blocks * 512, 1'000'000) << "reserved space was not given back";
}

TEST_F(FileWriterTest, EmptyFile) {
  RunToCompletion([&]() -> Task<void> {
    FileWriter writer = co_await FileWriter::Create(target_);
    const FileWriter::Finished finished = co_await writer.Finish();
    EXPECT_EQ(finished.bytes, 0u);
    EXPECT_EQ(finished.sha1, crypto::HashSha1(""));
    co_await writer.Publish();
    EXPECT_EQ(ReadWholeFile(target_), "");
  });
}

TEST_F(FileWriterTest, UnpublishedFilesVanish) {
  RunToCompletion([&]() -> Task<void> {
    const std::string content(5000, 'x');
    {
      FileWriter writer = co_await FileWriter::Create(target_, {.chunk_bytes = 1000});
      co_await writer.Write(crypto::AsBytes(content));
      EXPECT_FALSE(std::filesystem::is_empty(ParentOf(target_)));
    }
    EXPECT_TRUE(std::filesystem::is_empty(ParentOf(target_)));
    {
      FileWriter writer = co_await FileWriter::Create(target_);
      co_await writer.Write(crypto::AsBytes(content));
      co_await writer.Finish();
    }
    EXPECT_TRUE(std::filesystem::is_empty(ParentOf(target_)));
  });
}

TEST_F(FileWriterTest, TakenNamesAreNotReplaced) {
  RunToCompletion([&]() -> Task<void> {
    FileWriter writer = co_await FileWriter::Create(target_);
    co_await writer.Finish();
    WriteFileAtomically(target_, "someone else's");
    int error_number = 0;
    try {
      co_await writer.Publish();
    } catch (const FileError& error) {
      error_number = error.error_number();
    }
    EXPECT_EQ(error_number, EEXIST);
    EXPECT_EQ(ReadWholeFile(target_), "someone else's");
  });
}

/// More than the disk can ever hold is refused before the first byte.
TEST_F(FileWriterTest, FullDiskIsKnownEarly) {
  const DiskSpace space = GetDiskSpace(directory_.path());
  RunToCompletion([&]() -> Task<void> {
    int status = 0;
    try {
      co_await FileWriter::Create(target_, {.expected_bytes = space.total_bytes + (1ull << 40)});
    } catch (const Unavailable& error) {
      status = error.http_status();
    } catch (const FileError& error) {
      status = error.error_number() == EFBIG ? 507 : 0;  // beyond the largest file of this file system
    }
    EXPECT_EQ(status, 507);
    EXPECT_TRUE(std::filesystem::is_empty(ParentOf(target_)));
  });
}

}  // namespace
}  // namespace immich::fs
