#include "server/users/profile_image_service.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "media/testing/sample_pictures.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::users {
namespace {

using immich::testing::AccountRig;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

/// The body of a form with one file.
class FormBody : public http::BodyReader {
 public:
  FormBody(std::string_view file_name, std::span<const std::uint8_t> content) {
    text_ = fmt::format(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: image/jpeg\r\n\r\n",
        file_name);
    text_.append(reinterpret_cast<const char*>(content.data()), content.size());
    text_ += "\r\n--x--\r\n";
  }
  Task<std::span<const std::uint8_t>> Read() override {
    const std::string_view rest = read_ ? std::string_view{} : std::string_view(text_);
    read_ = true;
    co_return std::span(reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size());
  }
  std::optional<std::uint64_t> length() const override { return text_.size(); }

 private:
  std::string text_;
  bool read_ = false;
};

struct Pictures {
  explicit Pictures(AccountRig& rig)
      : paths(folder.path()),
        media(std::make_shared<MediaWorkers>(rig.db.executor(), MediaWorkerOptions{})),
        service(rig.db, rig.config, paths, media) {}

  Task<api::CreateProfileImageResponseDto> Upload(const AuthContext& auth, FormBody& body) {
    http::Request request;
    request.headers.Add("content-type", "multipart/form-data; boundary=x");
    request.body = &body;
    co_return co_await service.Create(auth, request);
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
    return files;
  }

  immich::testing::TemporaryDirectory folder;
  StoragePaths paths;
  std::shared_ptr<MediaWorkers> media;
  ProfileImageService service;
};

TEST(ProfileImageServiceTest, KeepsAThumbnailOfWhatIsUploaded) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Pictures pictures(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    EXPECT_EQ(co_await Refusal(pictures.service.Get(auth.user.id)), "404 User does not have a profile image");
    FormBody body("Me.JPG", media::testing::QuarteredJpeg({600, 400}));
    const auto made = co_await pictures.Upload(auth, body);
    EXPECT_EQ(made.user_id, auth.user.id.value);
    EXPECT_TRUE(made.profile_image_path.starts_with(pictures.paths.OwnerFolder(StorageFolder::kProfile, auth.user.id)));
    EXPECT_TRUE(made.profile_image_path.ends_with(".webp"));
    const http::Response shown = co_await pictures.service.Get(auth.user.id);
    EXPECT_EQ(shown.headers.Get("Content-Type"), "image/webp");
    EXPECT_EQ(std::get<http::FileBody>(shown.body).path, made.profile_image_path);

    FormBody again("me.png", media::testing::QuarteredJpeg({300, 300}));
    const auto replaced = co_await pictures.Upload(auth, again);
    EXPECT_GE(replaced.profile_changed_at, made.profile_changed_at);
    EXPECT_FALSE(std::filesystem::exists(made.profile_image_path));
    co_await pictures.media->Stop();
  });
}

TEST(ProfileImageServiceTest, DeletesFileAndPath) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Pictures pictures(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    FormBody body("me.jpg", media::testing::QuarteredJpeg({600, 400}));
    const auto made = co_await pictures.Upload(auth, body);
    co_await pictures.service.Delete(auth);
    EXPECT_FALSE(std::filesystem::exists(made.profile_image_path));
    EXPECT_EQ(co_await Refusal(pictures.service.Get(auth.user.id)), "404 User does not have a profile image");
    EXPECT_TRUE((co_await Refusal(pictures.service.Delete(auth))).starts_with("400 "));
    co_await pictures.media->Stop();
  });
}

TEST(ProfileImageServiceTest, RefusesWhatIsNotAPictureAndLeavesNothingBehind) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Pictures pictures(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const std::vector<std::uint8_t> text{'t', 'e', 'x', 't'};
    FormBody wrong_type("me.txt", text);
    EXPECT_EQ(co_await Refusal(pictures.Upload(auth, wrong_type)), "400 Unsupported file type me.txt");
    std::vector<std::uint8_t> jpeg = media::testing::QuarteredJpeg({600, 400});
    jpeg.resize(jpeg.size() / 2);
    FormBody broken("me.jpg", jpeg);
    EXPECT_EQ(co_await Refusal(pictures.Upload(auth, broken)), "400 The file is not a picture that can be shown");
    EXPECT_EQ(pictures.Files().size(), 0u);
    co_await pictures.media->Stop();
  });
}

}  // namespace
}  // namespace immich::users
