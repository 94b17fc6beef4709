#include "server/download/zip_stream.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <locale.h>

#include <fstream>
#include <map>

#include "platform/testing/temporary_directory.hpp"

namespace immich::download {
namespace {

std::string MakeArchive(std::vector<ZipEntry> entries) {
  ZipStream zip(std::move(entries));
  std::string archive;
  std::string piece;
  while (zip.Next(piece)) archive += piece;
  return archive;
}

std::map<std::string, std::string> Extract(const std::string& bytes) {
  // The reader converts names through the locale too.
  setlocale(LC_CTYPE, "C.UTF-8");
  archive* reader = archive_read_new();
  archive_read_support_format_zip(reader);
  EXPECT_EQ(archive_read_open_memory(reader, bytes.data(), bytes.size()), ARCHIVE_OK);
  std::map<std::string, std::string> files;
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(reader, &entry)) == ARCHIVE_OK) {
    std::string& content = files[archive_entry_pathname_utf8(entry)];
    char buffer[65536];
    for (la_ssize_t got = 0; (got = archive_read_data(reader, buffer, sizeof buffer)) > 0;) {
      content.append(buffer, static_cast<std::size_t>(got));
    }
  }
  EXPECT_EQ(result, ARCHIVE_EOF) << archive_error_string(reader);
  archive_read_free(reader);
  return files;
}

class ZipStreamTest : public ::testing::Test {
 protected:
  std::string WriteFile(const std::string& name, const std::string& content) {
    const std::string path = directory_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  testing::TemporaryDirectory directory_;
};

TEST_F(ZipStreamTest, FilesComeBackUnchanged) {
  const std::string large(3 * 1024 * 1024 + 17, 'x');
  const std::string archive = MakeArchive({{WriteFile("a", "first"), "photo.jpg"},
                                           {WriteFile("b", large), "Größe 日本.mov"},
                                           {WriteFile("c", ""), "empty.png"}});
  EXPECT_THAT(Extract(archive),
              ::testing::ElementsAre(::testing::Pair("Größe 日本.mov", large), ::testing::Pair("empty.png", ""),
                                     ::testing::Pair("photo.jpg", "first")));
}

TEST_F(ZipStreamTest, MissingFilesAreLeftOut) {
  const std::string archive = MakeArchive({{directory_ / "nowhere", "gone.jpg"}, {WriteFile("a", "here"), "here.jpg"}});
  EXPECT_THAT(Extract(archive), ::testing::ElementsAre(::testing::Pair("here.jpg", "here")));
}

TEST_F(ZipStreamTest, AnArchiveOfNothingIsValid) {
  EXPECT_TRUE(Extract(MakeArchive({})).empty());
}

TEST(UniqueNamesTest, RepeatedNamesAreNumbered) {
  EXPECT_THAT(UniqueNames({"a.jpg", "a.jpg", "", "a.jpg", ""}),
              ::testing::ElementsAre("a.jpg", "a+1.jpg", "unnamed", "a+2.jpg", "unnamed+1"));
}

TEST(UniqueNamesTest, ANumberedNameMayBeTakenAlready) {
  EXPECT_THAT(UniqueNames({"a+1.jpg", "a.jpg", "a.jpg"}), ::testing::ElementsAre("a+1.jpg", "a.jpg", "a+2.jpg"));
}

}  // namespace
}  // namespace immich::download
