#include "server/core/picture_edits.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich {
namespace {

void ExpectPoint(PicturePoint point, double x, double y) {
  EXPECT_NEAR(point.x, x, 1e-9);
  EXPECT_NEAR(point.y, y, 1e-9);
}

TEST(PictureEditsTest, NothingMovesWithoutEdits) {
  const PictureEdits none;
  EXPECT_TRUE(none.empty());
  ExpectPoint(none.ToEdited({0.25, 0.75}), 0.25, 0.75);
  EXPECT_TRUE(none.Shows({1, 0}));
}

TEST(PictureEditsTest, CropThenTurnThenMirror) {
  const PictureEdits edits({{"crop", R"({"x":100,"y":0,"width":200,"height":300})"}, {"rotate", R"({"angle":90})"}},
                           400, 300);
  // The crop's top left corner comes to the top right by a quarter turn clockwise.
  ExpectPoint(edits.ToEdited({0.25, 0}), 1, 0);
  ExpectPoint(edits.ToEdited({0.75, 0}), 1, 1);
  EXPECT_FALSE(edits.Shows({0.1, 0.5}));
  EXPECT_TRUE(edits.Shows({0.5, 0.5}));
  const auto [width, height] = edits.EditedSize(40, 30);
  EXPECT_NEAR(width, 30, 1e-9);
  EXPECT_NEAR(height, 20, 1e-9);
  const PictureEdits mirrored({{"mirror", R"({"axis":"horizontal"})"}, {"mirror", R"({"axis":"vertical"})"}}, 0, 0);
  ExpectPoint(mirrored.ToEdited({0.25, 0.1}), 0.75, 0.9);
}

TEST(PictureEditsTest, BackIsTheOtherWayRound) {
  const PictureEdits edits({{"crop", R"({"x":10,"y":20,"width":30,"height":40})"},
                            {"rotate", R"({"angle":270})"},
                            {"mirror", R"({"axis":"horizontal"})"}},
                           100, 100);
  for (const PicturePoint point : {PicturePoint{0.1, 0.2}, PicturePoint{0.4, 0.6}, PicturePoint{0.2, 0.5}}) {
    ExpectPoint(edits.ToOriginal(edits.ToEdited(point)), point.x, point.y);
  }
}

TEST(PictureEditsTest, UnknownEditsAreRefused) {
  EXPECT_THROW(PictureEdits({{"paint", "{}"}}, 1, 1), BadRequest);
  EXPECT_THROW(PictureEdits({{"crop", "{}"}}, 1, 1), BadRequest);
}

}  // namespace
}  // namespace immich
