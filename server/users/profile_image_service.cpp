#include "server/users/profile_image_service.hpp"

#include <fmt/format.h>

#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/file_name.hpp"
#include "platform/fs/file_writer.hpp"
#include "platform/http/multipart.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/system_config.hpp"
#include "slice_users_sql.hpp"

namespace immich::users {

namespace {

// The decoder always makes a preview too; the smallest will do, it is thrown away.
constexpr int kUnusedPreviewPx = 16;

/// Receives the one file of the form into the user's profile folder.
struct PictureUpload final : http::MultipartSink {
  PictureUpload(const StoragePaths& storage, UserId user) : paths(storage), owner(user) {}

  Task<void> OnField(const http::PartInfo&, std::string) override { co_return; }

  Task<void> OnFileBegin(const http::PartInfo& part) override {
    if (part.name != "file" || file) throw BadRequest("Unexpected field");
    const std::string name = part.file_name.value_or("");
    const media::MediaType* type = media::FindMediaTypeByPath(name);
    if (type == nullptr || !type->is_profile_image) throw BadRequest(fmt::format("Unsupported file type {}", name));
    std::string target = paths.ProfileImage(owner, Uuid::Random(), type->extension.substr(1));
    file = co_await fs::FileWriter::Create(std::move(target));
  }

  Task<void> OnFileData(std::span<const std::uint8_t> data) override {
    if (file->bytes() + data.size() > ProfileImageService::kMaxUploadBytes) throw PayloadTooLarge("File too large");
    co_await file->Write(data);
  }

  Task<void> OnFileEnd() override {
    co_await file->Finish();
    is_complete = true;
  }

  const StoragePaths& paths;
  const UserId owner;
  std::optional<fs::FileWriter> file;
  bool is_complete = false;
};

}  // namespace

Task<api::CreateProfileImageResponseDto> ProfileImageService::Create(const AuthContext& auth, http::Request& request) {
  const UserId user = auth.user.id;
  PictureUpload upload(paths_, user);
  co_await http::ReadMultipart(request, http::MultipartLimits{}, upload);
  if (!upload.is_complete) throw BadRequest("Field(s) file should not be empty");
  co_await upload.file->Publish();
  const std::string source = upload.file->target_path();
  std::string picture;
  std::exception_ptr failure;
  try {
    picture = co_await Convert(user, source);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await RemoveFiles({source});
  if (failure) std::rethrow_exception(failure);

  pg::Params params{user, picture};
  const pg::Result changed = co_await db_.Run(sql::kUserProfileImageSet, std::move(params));
  if (changed.empty()) throw BadRequest("User not found");
  co_await RemoveOld(changed[0].Get<std::string>(1));
  api::CreateProfileImageResponseDto response;
  response.user_id = user.value;
  response.profile_image_path = std::move(picture);
  response.profile_changed_at = changed[0].Get<TimePoint>(0);
  co_return response;
}

Task<std::string> ProfileImageService::Convert(UserId user, std::string source) {
  const api::AdminConfigImageDto& config = config_.current().image;
  const bool is_webp = config.thumbnail.format == api::ImageFormat::kWebp;
  std::string target = paths_.ProfileImage(user, Uuid::Random(), is_webp ? "webp" : "jpeg");
  PendingFiles picture, scratch;
  media::ThumbnailOrder order;
  order.is_video = media::UsesVideoStills(source);
  order.use_display_p3 = config.colorspace == api::Colorspace::kP3;
  order.thumbnail.path = picture.Add(target);
  order.thumbnail.is_webp = is_webp;
  order.thumbnail.size_px = static_cast<int>(config.thumbnail.size);
  order.thumbnail.quality = static_cast<int>(config.thumbnail.quality);
  order.preview.path = scratch.Add(target);
  order.preview.size_px = kUnusedPreviewPx;
  order.source = std::move(source);
  const auto report = co_await media_->Run(std::move(order));
  if (!report) {
    const media::Failure& failure = report.error();
    const bool is_ours = failure.kind == media::FailureKind::kInternal || failure.kind == media::FailureKind::kTimeout;
    if (is_ours) throw InternalError(fmt::format("a profile picture was not decoded: {}", failure.message));
    log::Info("Users", "a profile picture was refused: {}", failure.message);
    throw BadRequest("The file is not a picture that can be shown");
  }
  co_await picture.Publish();
  co_return target;
}

Task<void> ProfileImageService::RemoveOld(std::string path) {
  if (path.empty() || !fs::IsInside(paths_.Folder(StorageFolder::kProfile), path)) co_return;
  std::vector<std::string> files;
  files.push_back(std::move(path));
  co_await RemoveFiles(std::move(files));
}

Task<void> ProfileImageService::Delete(const AuthContext& auth) {
  pg::Params params{auth.user.id, ""};
  const pg::Result changed = co_await db_.Run(sql::kUserProfileImageSet, std::move(params));
  std::string before = changed.empty() ? std::string{} : changed[0].Get<std::string>(1);
  if (before.empty()) throw BadRequest("Can't delete a missing profile Image");
  co_await RemoveOld(std::move(before));
}

Task<http::Response> ProfileImageService::Get(UserId user) {
  pg::Params params{user};
  const pg::Result found = co_await db_.Run(sql::kUserProfileImageFind, std::move(params));
  if (found.empty()) throw BadRequest("User not found");
  std::string path = found[0].Get<std::string>(0);
  if (path.empty()) throw NotFound("User does not have a profile image");
  std::string type(media::MimeTypeOfPath(path));
  co_return http::Response::File(std::move(path), std::move(type));
}

}  // namespace immich::users
