#include "server/server_info/disk_usage.hpp"

#include <gtest/gtest.h>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::server_info {
namespace {

TEST(HumanReadableSize, KeepsOneDecimalFromKibibytesOn) {
  EXPECT_EQ(HumanReadableSize(0), "0 B");
  EXPECT_EQ(HumanReadableSize(1023), "1023 B");
  EXPECT_EQ(HumanReadableSize(1024), "1.0 KiB");
  EXPECT_EQ(HumanReadableSize(1536), "1.5 KiB");
  EXPECT_EQ(HumanReadableSize(70533713920), "65.7 GiB");
  EXPECT_EQ(HumanReadableSize(270553174016), "252.0 GiB");
  EXPECT_EQ(HumanReadableSize(INT64_MAX), "8.0 EiB");
}

TEST(DescribeDiskUsage, RoundsThePercentageToTwoDecimals) {
  const DiskUsage usage{270553174016, 32211566592, 70533713920};
  const api::ServerStorageResponseDto dto = Describe(usage);
  EXPECT_DOUBLE_EQ(dto.disk_usage_percentage, 11.91);
  EXPECT_EQ(dto.disk_use, "30.0 GiB");
  EXPECT_EQ(dto.disk_available_raw, 70533713920);
}

TEST(DescribeDiskUsage, SurvivesAFileSystemWithoutASize) {
  EXPECT_EQ(Describe(DiskUsage{}).disk_usage_percentage, 0);
}

TEST(ReadDiskUsage, ReadsTheFileSystemOfAFolder) {
  const testing::TemporaryDirectory folder;
  RunToCompletion([&]() -> Task<void> {
    const DiskUsage usage = co_await ReadDiskUsage(folder.path());
    EXPECT_GT(usage.size_bytes, 0);
    EXPECT_LE(usage.used_bytes + usage.available_bytes, usage.size_bytes);
  });
}

TEST(ReadDiskUsage, NamesTheFolderThatIsNotThere) {
  const testing::TemporaryDirectory folder;
  RunToCompletion([&]() -> Task<void> {
    try {
      co_await ReadDiskUsage(folder / "missing");
      ADD_FAILURE() << "no error";
    } catch (const InternalError& error) {
      EXPECT_NE(error.detail().find(folder / "missing"), std::string::npos) << error.detail();
    }
  });
}

}  // namespace
}  // namespace immich::server_info
