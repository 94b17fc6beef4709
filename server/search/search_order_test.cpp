#include "server/search/search_order.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::search {
namespace {

const Uuid kId = *Uuid::Parse("00000000-0000-4000-8000-000000000001");

TEST(SearchCursorTest, ReadsBackWhatItWrote) {
  const api::SearchOrder order;
  for (const std::optional<std::int64_t> value : {std::optional<std::int64_t>(-5), std::optional<std::int64_t>()}) {
    const SearchCursor read = SearchCursor::Parse(SearchCursor{value, kId}.ToText(order), order);
    EXPECT_EQ(read.value, value);
    EXPECT_EQ(read.id, kId);
  }
}

TEST(SearchCursorTest, RefusesCursorsOfAnotherOrderAndNonsense) {
  const api::SearchOrder newest;
  api::SearchOrder biggest;
  biggest.field = api::SearchOrderField::kFileSizeInBytes;
  const std::string text = SearchCursor{7, kId}.ToText(newest);
  EXPECT_THROW(SearchCursor::Parse(text, biggest), BadRequest);
  EXPECT_THROW(SearchCursor::Parse(text.substr(0, text.size() - 4), newest), BadRequest);
  for (const std::string_view wrong : {"", "x", "2", "ZmlsZUNyZWF0ZWRBdCBkZXNjIA"}) {
    EXPECT_THROW(SearchCursor::Parse(wrong, newest), BadRequest) << wrong;
  }
}

TEST(SearchOrderTest, PutsMissingValuesLast) {
  api::SearchOrder order;
  order.field = api::SearchOrderField::kRating;
  QueryBuilder query;
  AppendOrder(query, order);
  EXPECT_EQ(query.TakeText(), "\nORDER BY e.rating DESC NULLS LAST, a.id");
}

}  // namespace
}  // namespace immich::search
