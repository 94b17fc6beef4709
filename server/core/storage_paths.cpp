#include "server/core/storage_paths.hpp"

#include <fmt/format.h>

namespace immich {

std::string_view ToString(StorageFolder folder) {
  switch (folder) {
    case StorageFolder::kEncodedVideo:
      return "encoded-video";
    case StorageFolder::kLibrary:
      return "library";
    case StorageFolder::kUpload:
      return "upload";
    case StorageFolder::kProfile:
      return "profile";
    case StorageFolder::kThumbs:
      return "thumbs";
    case StorageFolder::kBackups:
      return "backups";
  }
  return {};
}

std::string_view ToString(AssetFileKind kind) {
  switch (kind) {
    case AssetFileKind::kFullsize:
      return "fullsize";
    case AssetFileKind::kPreview:
      return "preview";
    case AssetFileKind::kThumbnail:
      return "thumbnail";
    case AssetFileKind::kSidecar:
      return "sidecar";
    case AssetFileKind::kEncodedVideo:
      return "encoded_video";
  }
  return {};
}

std::string StoragePaths::Folder(StorageFolder folder) const {
  return fmt::format("{}/{}", root_, ToString(folder));
}

std::string StoragePaths::OwnerFolder(StorageFolder folder, UserId owner) const {
  return fmt::format("{}/{}/{}", root_, ToString(folder), owner.ToString());
}

std::string StoragePaths::NestedFolder(StorageFolder folder, UserId owner, const Uuid& id) const {
  const std::string text = id.ToString();
  return fmt::format("{}/{}/{}", OwnerFolder(folder, owner), text.substr(0, 2), text.substr(2, 2));
}

std::string StoragePaths::Upload(UserId owner, const Uuid& file_id, std::string_view extension) const {
  return fmt::format("{}/{}{}", NestedFolder(StorageFolder::kUpload, owner, file_id), file_id.ToString(), extension);
}

std::string StoragePaths::Image(UserId owner, AssetId asset, AssetFileKind kind, bool is_edited,
                                std::string_view format) const {
  return fmt::format("{}/{}_{}{}.{}", NestedFolder(StorageFolder::kThumbs, owner, asset.value), asset.ToString(),
                     ToString(kind), is_edited ? "_edited" : "", format);
}

std::string StoragePaths::EncodedVideo(UserId owner, AssetId asset) const {
  return fmt::format("{}/{}.mp4", NestedFolder(StorageFolder::kEncodedVideo, owner, asset.value), asset.ToString());
}

std::string StoragePaths::MotionVideo(UserId owner, const Uuid& video) const {
  return fmt::format("{}/{}-MP.mp4", NestedFolder(StorageFolder::kEncodedVideo, owner, video), video.ToString());
}

std::string StoragePaths::ProfileImage(UserId owner, const Uuid& file_id, std::string_view format) const {
  return fmt::format("{}/{}.{}", OwnerFolder(StorageFolder::kProfile, owner), file_id.ToString(), format);
}

std::string StoragePaths::PersonThumbnail(UserId owner, PersonId person) const {
  return fmt::format("{}/{}.jpeg", NestedFolder(StorageFolder::kThumbs, owner, person.value), person.ToString());
}

std::string StoragePaths::LibraryRoot(UserId owner, std::string_view storage_label) const {
  const std::string folder = Folder(StorageFolder::kLibrary);
  return storage_label.empty() ? fmt::format("{}/{}", folder, owner.ToString())
                               : fmt::format("{}/{}", folder, storage_label);
}

bool StoragePaths::IsMotionVideo(std::string_view path) const {
  return path.starts_with(Folder(StorageFolder::kEncodedVideo) + "/");
}

}  // namespace immich
