#include "server/search/search_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "platform/error/error.hpp"

namespace immich::search {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string TextOf(const api::SearchFilter& filter) {
  QueryBuilder query;
  AppendFilter(query, filter);
  return query.TakeText();
}

bool ReadsElsewhere(const api::SearchFilter& filter) {
  QueryBuilder query;
  AppendFilter(query, filter);
  return query.reads_elsewhere();
}

TEST(SearchFilterTest, BindsValuesAndNeverWritesThem) {
  api::SearchFilter filter;
  filter.city.emplace().eq = std::string("x'; drop table asset");
  filter.original_file_name.emplace().like = "y'%";
  filter.rating.emplace().in = {1, 5};
  const std::string text = TextOf(filter);
  EXPECT_THAT(text, Not(HasSubstr("drop")));
  EXPECT_THAT(text, Not(HasSubstr("y'")));
  EXPECT_THAT(text, HasSubstr("e.rating = ANY($3::float8[])"));
}

TEST(SearchFilterTest, TellsNullFromAbsent) {
  api::SearchFilter filter;
  filter.city.emplace().eq = json::Maybe<std::string>::Null();
  EXPECT_EQ(TextOf(filter), "\n  AND e.city IS NULL");
  filter.city.emplace().ne = json::Maybe<std::string>::Null();
  EXPECT_EQ(TextOf(filter), "\n  AND e.city IS NOT NULL");
  EXPECT_EQ(TextOf({}), "");
}

TEST(SearchFilterTest, JoinsBranchesWithOr) {
  api::SearchFilter filter;
  filter.is_favorite.emplace().eq = true;
  filter.or_.emplace(2);
  filter.or_->at(0).is_motion.emplace().eq = false;
  filter.or_->at(0).is_offline.emplace().eq = false;
  EXPECT_EQ(TextOf(filter), R"(
  AND (a."isFavorite")
  AND ((NOT (a."isOffline") AND NOT (a."livePhotoVideoId" IS NOT NULL)) OR true))");
}

TEST(SearchFilterTest, SaysWhatAnswersDependOn) {
  api::SearchFilter filter;
  filter.make.emplace().eq = std::string("Canon");
  EXPECT_FALSE(ReadsElsewhere(filter));
  const std::vector<std::function<void(api::SearchFilterBranch&)>> elsewhere = {
      [](auto& branch) { branch.tag_ids.emplace().any = {Uuid()}; },
      [](auto& branch) { branch.has_people.emplace().eq = false; },
      [](auto& branch) { branch.is_encoded.emplace().eq = true; },
      [](auto& branch) { branch.encoded_video_path.emplace().eq = "/x"; },
      [](auto& branch) { branch.ocr.emplace().matches = "x"; },
  };
  for (const auto& fill : elsewhere) {
    filter.or_.emplace(1);
    fill(filter.or_->front());
    EXPECT_TRUE(ReadsElsewhere(filter));
  }
}

TEST(SearchFilterTest, NamesAlbumsTrashAndLockedInAnyBranch) {
  const Uuid first = *Uuid::Parse("00000000-0000-4000-8000-000000000001");
  const Uuid second = *Uuid::Parse("00000000-0000-4000-8000-000000000002");
  api::SearchFilter filter;
  filter.album_ids.emplace().none = {second, first};
  EXPECT_FALSE(IsConfinedToAlbums(filter));
  EXPECT_FALSE(NamesTrash(filter));
  EXPECT_FALSE(AsksForLocked(filter));
  filter.or_.emplace(1);
  filter.or_->front().album_ids.emplace().any = {first};
  EXPECT_FALSE(IsConfinedToAlbums(filter));
  EXPECT_THAT(AlbumsOf(filter), ElementsAre(first, second));
  filter.or_->front().trashed_at.emplace().ne = json::Maybe<TimePoint>::Null();
  EXPECT_TRUE(NamesTrash(filter));
  filter.or_->front().visibility.emplace().in = {api::AssetVisibility::kArchive, api::AssetVisibility::kLocked};
  EXPECT_TRUE(AsksForLocked(filter));
  filter.album_ids->all = {first};
  EXPECT_TRUE(IsConfinedToAlbums(filter));
}

TEST(SearchFilterTest, RefusesWhatIsNoChecksum) {
  api::SearchFilter filter;
  filter.checksum.emplace().in = {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "short"};
  EXPECT_THROW(TextOf(filter), BadRequest);
}

}  // namespace
}  // namespace immich::search
