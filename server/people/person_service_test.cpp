#include "server/people/person_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/testing/sample_pictures.hpp"
#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/people/face_service.hpp"
#include "server/people/person_picture.hpp"
#include "server/people/testing/people_rig.hpp"

namespace immich::people {
namespace {

using immich::testing::QueryText;
using immich::testing::SignedIn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Rig {
  explicit Rig(PeopleRig& people_rig) : rig(people_rig), auth(SignedIn(people_rig.rig.owner)) {}

  /// A person with so many pictures.
  Task<PersonId> AddPerson(std::string name, int pictures, double degrees = 0) {
    api::PersonCreateDto values;
    values.name = std::move(name);
    const api::PersonResponseDto made = co_await people.Create(auth, std::move(values));
    const PersonId id(made.id);
    for (int i = 0; i < pictures; ++i) {
      const FaceId face = co_await rig.AddFace(degrees);
      co_await rig.rig.db.RunScript(fmt::format(R"(UPDATE asset_face SET "personId" = '{0}' WHERE id = '{1}';
                         UPDATE person SET "faceAssetId" = '{1}' WHERE id = '{0}')",
                                                id.ToString(), face.ToString()));
    }
    rig.rig.jobs.queued.clear();
    co_return id;
  }
  Task<std::vector<std::string>> Names(api::GetAllPeople::Input request) {
    last = co_await people.List(auth, std::move(request));
    std::vector<std::string> names;
    for (const auto& person : last.people) names.push_back(person.name);
    co_return names;
  }

  PeopleRig& rig;
  AuthContext auth;
  Access access{rig.rig.db};
  PersonService people{rig.rig.db, access, rig.rig.jobs};
  FaceService faces{rig.rig.db, access, rig.rig.jobs};
  api::PeopleResponseDto last;
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  WithPeople([&](PeopleRig& people_rig) -> Task<void> {
    Rig rig(people_rig);
    co_await body(rig);
  });
}

template <class T>
Task<std::string> Refused(Task<T> task) {
  try {
    co_await std::move(task);
  } catch (const Error& error) {
    co_return fmt::format("{} {}", error.http_status(), error.what());
  }
  co_return std::string("accepted");
}

TEST(PersonServiceTest, ListsNamedAndFrequentPeopleInOrder) {
  WithRig([](Rig& rig) -> Task<void> {
    co_await rig.AddPerson("", 2, 10);
    co_await rig.AddPerson("", 3, 20);
    co_await rig.AddPerson("Anna", 1, 90);
    co_await rig.AddPerson("Berta", 2, 120);
    const PersonId hidden = co_await rig.AddPerson("Hidden", 4, 0);
    api::PersonUpdateDto hide;
    hide.is_hidden = true;
    co_await rig.people.Update(rig.auth, hidden, hide);
    EXPECT_THAT(co_await rig.Names({}), ElementsAre("Berta", "Anna", ""));
    EXPECT_EQ(rig.last.total, 4);
    EXPECT_EQ(rig.last.hidden, 1);
    EXPECT_EQ(rig.last.has_next_page, false);
    api::GetAllPeople::Input all;
    all.with_hidden = true;
    EXPECT_THAT(co_await rig.Names(all), ElementsAre("Berta", "Anna", "", "Hidden"));
    all.size = 2;
    all.page = 2;
    EXPECT_THAT(co_await rig.Names(all), ElementsAre("", "Hidden"));
    all.page = 3;
    EXPECT_THAT(co_await rig.Names(all), IsEmpty());
    EXPECT_EQ(rig.last.total, 4);
    api::GetAllPeople::Input near;
    near.closest_person_id = hidden.value;
    EXPECT_THAT(co_await rig.Names(near), ElementsAre("", "Anna", "Berta"));
  });
}

TEST(PersonServiceTest, ChangesWhatIsSentAndChecksIt) {
  WithRig([](Rig& rig) -> Task<void> {
    const PersonId id = co_await rig.AddPerson("Anna", 1);
    api::PersonUpdateDto change;
    change.birth_date = json::Maybe<std::string>("1990-02-03");
    change.is_favorite = true;
    const api::PersonResponseDto changed = co_await rig.people.Update(rig.auth, id, change);
    EXPECT_EQ(changed.name, "Anna");
    EXPECT_EQ(changed.birth_date, "1990-02-03");
    EXPECT_EQ(changed.is_favorite, true);
    change = {};
    change.birth_date = json::Maybe<std::string>::Null();
    EXPECT_EQ((co_await rig.people.Update(rig.auth, id, change)).birth_date, std::nullopt);
    change.birth_date = json::Maybe<std::string>("2999-01-01");
    EXPECT_EQ(co_await Refused(rig.people.Update(rig.auth, id, change)), "400 Validation failed");
    change = {};
    const AssetId without_face = co_await rig.rig.AddAsset();
    change.feature_face_asset_id = without_face.value;
    EXPECT_EQ(co_await Refused(rig.people.Update(rig.auth, id, change)), "400 Invalid assetId for feature face");
    EXPECT_EQ(co_await Refused(rig.people.Get(rig.auth, PersonId::Random())), "400 Not found or no person.read access");
    const AuthContext stranger = SignedIn(UserId::Random());
    EXPECT_EQ(co_await Refused(rig.people.Get(stranger, id)), "400 Not found or no person.read access");
    api::PeopleUpdateDto bulk;
    bulk.people.resize(2);
    bulk.people[0].id = id.value;
    bulk.people[0].name = "Anne";
    bulk.people[1].id = Uuid::Random();
    const auto outcomes = co_await rig.people.UpdateAll(rig.auth, bulk);
    EXPECT_TRUE(outcomes[0].success);
    EXPECT_EQ(outcomes[1].error, api::BulkIdErrorReason::kUnknown);
    EXPECT_EQ((co_await rig.people.Get(rig.auth, id)).name, "Anne");
  });
}

TEST(PersonServiceTest, MergesFacesAndWhatTheTargetLacks) {
  WithRig([](Rig& rig) -> Task<void> {
    const PersonId into = co_await rig.AddPerson("", 2);
    const PersonId other = co_await rig.AddPerson("Anna", 1);
    const Uuid unknown = Uuid::Random();
    EXPECT_EQ(co_await Refused(rig.people.Merge(rig.auth, into, {into})), "400 Cannot merge a person into themselves");
    const std::vector<PersonId> ids{other, PersonId(unknown)};
    const auto outcomes = co_await rig.people.Merge(rig.auth, into, ids);
    EXPECT_EQ(outcomes.size(), 2);
    EXPECT_TRUE(outcomes[0].success);
    EXPECT_EQ(outcomes[1].error, api::BulkIdErrorReason::kNotFound);
    EXPECT_EQ((co_await rig.people.Get(rig.auth, into)).name, "Anna");
    EXPECT_EQ((co_await rig.people.Statistics(rig.auth, into)).assets, 3);
    EXPECT_EQ(co_await rig.rig.Count("person"), 1);
  });
}

TEST(PersonServiceTest, FacesMoveAndFeaturesAreRenewed) {
  WithRig([](Rig& rig) -> Task<void> {
    const PersonId anna = co_await rig.AddPerson("Anna", 2);
    const PersonId berta = co_await rig.AddPerson("Berta", 0);
    const std::string feature = co_await QueryText(
        rig.rig.rig.db, R"(SELECT f."assetId"::text FROM person p JOIN asset_face f ON f.id = p."faceAssetId")");
    api::AssetFaceUpdateDto items;
    items.data.push_back({.asset_id = *Uuid::Parse(feature), .person_id = anna.value});
    const auto changed = co_await rig.people.Reassign(rig.auth, berta, items);
    EXPECT_EQ(changed.size(), 1);
    EXPECT_THAT(rig.rig.rig.jobs.Names(), ElementsAre("PersonGenerateThumbnail", "PersonGenerateThumbnail"));
    EXPECT_EQ(co_await rig.rig.Count(R"(person p JOIN asset_face f ON f.id = p."faceAssetId" AND f."personId" = p.id)"),
              2);
    co_await rig.people.Delete(rig.auth, {anna, berta});
    EXPECT_EQ(co_await rig.rig.Count("person"), 0);
    EXPECT_EQ(co_await rig.rig.Count("asset_face"), 2);
  });
}

TEST(FaceServiceTest, MarksListsMovesAndHides) {
  WithRig([](Rig& rig) -> Task<void> {
    const PersonId anna = co_await rig.AddPerson("Anna", 0);
    const PersonId berta = co_await rig.AddPerson("Berta", 0);
    const AssetId asset = co_await rig.rig.AddAsset();
    api::AssetFaceCreateDto mark;
    mark.asset_id = asset.value;
    mark.person_id = anna.value;
    mark.image_width = 400;
    mark.image_height = 300;
    mark.x = 10;
    mark.y = 20;
    mark.width = 30;
    mark.height = 40;
    co_await rig.faces.Create(rig.auth, mark);
    auto faces = co_await rig.faces.List(rig.auth, asset);
    EXPECT_EQ(faces.size(), 1);
    if (faces.empty()) co_return;
    EXPECT_EQ(faces[0].bounding_box_x2, 40);
    EXPECT_EQ(faces[0].bounding_box_y2, 60);
    EXPECT_EQ(faces[0].source_type, api::SourceType::kManual);
    EXPECT_EQ(faces[0].person->name, "Anna");
    const FaceId face(faces[0].id);
    EXPECT_EQ((co_await rig.faces.Assign(rig.auth, face, berta)).name, "Berta");
    co_await rig.faces.Delete(rig.auth, face, false);
    EXPECT_THAT(co_await rig.faces.List(rig.auth, asset), IsEmpty());
    EXPECT_EQ(co_await rig.rig.Count("asset_face"), 1);
    co_await rig.faces.Delete(rig.auth, face, true);
    EXPECT_EQ(co_await rig.rig.Count("asset_face"), 0);
    EXPECT_EQ(co_await Refused(rig.faces.Delete(rig.auth, face, true)), "400 Not found or no face.delete access");
  });
}

TEST(FaceServiceTest, BoxesFollowTheEdits) {
  WithRig([](Rig& rig) -> Task<void> {
    const PersonId anna = co_await rig.AddPerson("Anna", 0);
    const AssetId asset = co_await rig.rig.AddAsset();
    co_await rig.rig.rig.db.RunScript(fmt::format(
        R"(UPDATE asset_exif SET "exifImageWidth" = 4000, "exifImageHeight" = 3000 WHERE "assetId" = '{0}';
           INSERT INTO asset_edit ("assetId", action, parameters, sequence) VALUES
             ('{0}', 'crop', '{{"x":2000,"y":0,"width":2000,"height":3000}}', 0), ('{0}', 'rotate', '{{"angle":90}}', 1))",
        asset.ToString()));
    api::AssetFaceCreateDto mark;
    mark.asset_id = asset.value;
    mark.person_id = anna.value;
    mark.image_width = 300;
    mark.image_height = 200;
    mark.x = 30;
    mark.y = 40;
    mark.width = 60;
    mark.height = 50;
    co_await rig.faces.Create(rig.auth, mark);
    EXPECT_EQ(co_await QueryText(rig.rig.rig.db, R"(SELECT concat_ws(' ', "boundingBoxX1", "boundingBoxY1",
      "boundingBoxX2", "boundingBoxY2", "imageWidth", "imageHeight") FROM asset_face)"),
              "240 210 290 270 400 300");
    const auto faces = co_await rig.faces.List(rig.auth, asset);
    EXPECT_EQ(faces[0].bounding_box_x1, 30);
    EXPECT_EQ(faces[0].bounding_box_y1, 40);
    EXPECT_EQ(faces[0].bounding_box_x2, 90);
    EXPECT_EQ(faces[0].bounding_box_y2, 90);
    EXPECT_EQ(faces[0].image_width, 300);
  });
}

TEST(PersonPictureTest, IsCutFromTheOriginal) {
  WithRig([](Rig& rig) -> Task<void> {
    const auto picture = media::testing::QuarteredJpeg({800, 600});
    const PersonId id = co_await rig.AddPerson("Anna", 1);
    const std::string path = rig.rig.rig.Write("upload/a.jpg", picture);
    co_await rig.rig.rig.db.RunScript(fmt::format(R"(UPDATE asset SET "originalPath" = '{}')", path));
    PersonPicture pictures(rig.rig.rig.db, rig.rig.rig.config, rig.rig.rig.paths, rig.rig.rig.media, rig.rig.rig.events,
                           false);
    EXPECT_EQ((co_await pictures.Make(id)).status, queue::JobStatus::kSuccess);
    const std::string thumbnail = co_await rig.people.Thumbnail(rig.auth, id);
    EXPECT_EQ(thumbnail, rig.rig.rig.paths.PersonThumbnail(rig.rig.rig.owner, id));
    EXPECT_TRUE(std::filesystem::exists(thumbnail));
    co_await rig.people.Delete(rig.auth, {id});
    EXPECT_FALSE(std::filesystem::exists(thumbnail));
  });
}

}  // namespace
}  // namespace immich::people
