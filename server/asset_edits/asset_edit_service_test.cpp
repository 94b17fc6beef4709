#include "server/asset_edits/asset_edit_service.hpp"

#include <gtest/gtest.h>

#include "server/asset_edits/edit_rules.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::asset_edits {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;
using Item = api::AssetEditActionItemDto;

Item Crop(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height) {
  api::CropParameters crop;
  crop.x = x;
  crop.y = y;
  crop.width = width;
  crop.height = height;
  return {.action = api::AssetEditAction::kCrop, .parameters = crop};
}
Item Rotate(std::int64_t angle) {
  return {.action = api::AssetEditAction::kRotate, .parameters = api::RotateParameters{.angle = angle}};
}
Item Mirror(api::MirrorAxis axis) {
  return {.action = api::AssetEditAction::kMirror, .parameters = api::MirrorParameters{.axis = axis}};
}

/// An owner with a picture that is 400×300 as stored and 300×400 upright.
struct EditRig {
  explicit EditRig(AccountRig& accounts) : rig(accounts), access(rig.db), service(rig.db, access, rig.jobs) {}

  Task<void> SetUp() {
    owner = co_await rig.SignIn("owner@example.com");
    asset = co_await InsertAsset(rig.db, {.owner = owner.user.id});
    co_await rig.db.RunDynamic(
        R"(UPDATE asset_exif SET "exifImageWidth" = 400, "exifImageHeight" = 300, orientation = '6')");
  }
  Task<std::string> Try(std::vector<Item> items) {
    api::AssetEditsCreateDto request;
    request.edits = std::move(items);
    co_return co_await Refusal(service.Replace(owner, asset, std::move(request)));
  }

  AccountRig& rig;
  Access access;
  AssetEditService service;
  AuthContext owner;
  AssetId asset;
};

void WithEdits(const std::function<Task<void>(EditRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    EditRig rig(accounts);
    co_await rig.SetUp();
    co_await body(rig);
  });
}

TEST(AssetEditServiceTest, ReplacesAllEdits) {
  WithEdits([](EditRig& rig) -> Task<void> {
    EXPECT_EQ(co_await rig.Try({Rotate(90)}), "accepted");
    EXPECT_EQ(co_await rig.Try({Crop(0, 0, 300, 400), Mirror(api::MirrorAxis::kVertical), Rotate(270)}), "accepted");
    const auto edits = (co_await rig.service.Get(rig.owner, rig.asset)).edits;
    EXPECT_EQ(edits.size(), 3u);
    EXPECT_EQ(std::get<api::CropParameters>(edits[0].parameters).height, 400);
    EXPECT_EQ(std::get<api::MirrorParameters>(edits[1].parameters).axis, api::MirrorAxis::kVertical);
    EXPECT_EQ(std::get<api::RotateParameters>(edits[2].parameters).angle, 270);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, R"(SELECT count(*) FROM asset WHERE "isEdited")"), 1);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 2u);
    EXPECT_EQ(rig.rig.jobs.queued[1].name, "AssetEditThumbnailGeneration");
  });
}

TEST(AssetEditServiceTest, GoesBackToTheOriginal) {
  WithEdits([](EditRig& rig) -> Task<void> {
    co_await rig.service.Remove(rig.owner, rig.asset);
    EXPECT_TRUE(rig.rig.jobs.queued.empty()) << "there was nothing to remove";
    co_await rig.Try({Crop(0, 0, 100, 100)});
    co_await rig.rig.db.RunDynamic("UPDATE asset SET width = 100, height = 100");
    co_await rig.service.Remove(rig.owner, rig.asset);
    EXPECT_TRUE((co_await rig.service.Get(rig.owner, rig.asset)).edits.empty());
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT width || 'x' || height || ' ' || "isEdited" FROM asset)"),
              "300x400 false");
    EXPECT_EQ(rig.rig.jobs.queued.size(), 2u);
  });
}

TEST(AssetEditServiceTest, ChecksTheListOfEdits) {
  WithEdits([](EditRig& rig) -> Task<void> {
    const std::string invalid = "400 Validation failed";
    EXPECT_EQ(co_await rig.Try({Rotate(90), Crop(0, 0, 1, 1)}), invalid) << "the crop comes first";
    EXPECT_EQ(co_await rig.Try({Rotate(90), Rotate(90)}), invalid);
    EXPECT_EQ(co_await rig.Try({Rotate(45)}), invalid);
    EXPECT_EQ(co_await rig.Try({Mirror(api::MirrorAxis::kVertical), Mirror(api::MirrorAxis::kVertical)}), invalid);
    EXPECT_EQ(co_await rig.Try({{.action = api::AssetEditAction::kCrop, .parameters = api::RotateParameters{}}}),
              invalid);
    EXPECT_EQ(co_await rig.Try({Mirror(api::MirrorAxis::kVertical), Mirror(api::MirrorAxis::kHorizontal)}), "accepted");
    EXPECT_EQ(co_await rig.Try({Crop(0, 0, 301, 1)}), "400 Crop parameters are out of bounds");
    EXPECT_EQ(co_await rig.Try({Crop(1, 0, 300, 1)}), "400 Crop parameters are out of bounds");
    EXPECT_EQ(co_await rig.Try({Crop(0, 399, 300, 1)}), "accepted");
  });
}

TEST(AssetEditServiceTest, RefusesWhatCannotBeEdited) {
  WithEdits([](EditRig& rig) -> Task<void> {
    const AuthContext other = co_await rig.rig.SignIn("other@example.com");
    EXPECT_EQ(co_await Refusal(rig.service.Remove(other, rig.asset)), "400 Not found or no asset.edit.delete access");
    for (const char* change :
         {R"(UPDATE asset SET type = 'VIDEO')", R"(UPDATE asset SET type = 'IMAGE', "originalPath" = '/x.GIF')",
          R"(UPDATE asset SET "originalPath" = '/x.svg')", R"(UPDATE asset SET "originalPath" = '/x.insp')",
          R"(UPDATE asset_exif SET "projectionType" = 'EQUIRECTANGULAR')",
          R"(UPDATE asset_exif SET "projectionType" = NULL, "exifImageWidth" = NULL)"}) {
      co_await rig.rig.db.RunDynamic(change);
      const std::string refusal = co_await rig.Try({Rotate(90)});
      EXPECT_TRUE(refusal.starts_with("400 ") && refusal != "400 Validation failed") << change << ": " << refusal;
      co_await rig.rig.db.RunDynamic(R"(UPDATE asset SET "originalPath" = '/data/a.jpg')");
    }
  });
}

TEST(AssetEditServiceTest, HidesWhatTheCropCutsOff) {
  WithEdits([](EditRig& rig) -> Task<void> {
    // Found in a preview of half the size: boxes double.
    pg::Params faces{rig.asset};
    co_await rig.rig.db.RunDynamic(R"(INSERT INTO asset_face ("assetId", "imageWidth", "imageHeight", "boundingBoxX1",
"boundingBoxY1", "boundingBoxX2", "boundingBoxY2") VALUES ($1, 150, 200, 10, 10, 30, 30), ($1, 150, 200, 100, 100, 120, 120))",
                                   std::move(faces));
    pg::Params texts{rig.asset};
    co_await rig.rig.db.RunDynamic(
        R"(INSERT INTO asset_ocr ("assetId", x1, y1, x2, y2, x3, y3, x4, y4, "boxScore", "textScore",
text) VALUES ($1, 0.1, 0.1, 0.2, 0.1, 0.2, 0.2, 0.1, 0.2, 1, 1, 'in'), ($1, 0.8, 0.8, 0.9, 0.8, 0.9, 0.9, 0.8, 0.9, 1, 1, 'out'))",
        std::move(texts));
    EXPECT_EQ(co_await rig.Try({Crop(0, 0, 150, 200)}), "accepted");
    EXPECT_EQ(co_await QueryText(rig.rig.db,
                                 R"(SELECT string_agg("boundingBoxX1"::text, ',') FROM asset_face WHERE "isVisible")"),
              "10");
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT string_agg(text, ',') FROM asset_ocr WHERE "isVisible")"), "in");
    co_await rig.service.Remove(rig.owner, rig.asset);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, R"(SELECT count(*) FROM asset_face WHERE "isVisible")"), 2);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, R"(SELECT count(*) FROM asset_ocr WHERE "isVisible")"), 2);
  });
}

}  // namespace
}  // namespace immich::asset_edits
