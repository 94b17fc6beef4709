#pragma once

#include <string>
#include <string_view>

#include "server/core/ids.hpp"

namespace immich {

/// The folders below the media location, in the order of their mount checks.
enum class StorageFolder { kEncodedVideo, kLibrary, kUpload, kProfile, kThumbs, kBackups };

/// Folder name on disk: `encoded-video`, `library` …
std::string_view ToString(StorageFolder folder);

enum class AssetFileKind { kFullsize, kPreview, kThumbnail, kSidecar, kEncodedVideo };
/// Value of asset_file.type: `fullsize`, `preview`, `thumbnail`, `sidecar`, `encoded_video`.
std::string_view ToString(AssetFileKind kind);

/// Where files live (facts: storage). Pure path arithmetic, nothing is touched.
class StoragePaths {
 public:
  /// `media_location` absolute, without trailing slash.
  explicit StoragePaths(std::string media_location) : root_(std::move(media_location)) {}

  const std::string& root() const { return root_; }
  std::string Folder(StorageFolder folder) const;
  /// `<media>/<folder>/<owner>`
  std::string OwnerFolder(StorageFolder folder, UserId owner) const;
  /// `<media>/<folder>/<owner>/ab/cd` for a file whose name starts with `id`.
  std::string NestedFolder(StorageFolder folder, UserId owner, const Uuid& id) const;
  /// `<media>/upload/<owner>/ab/cd/<file id><extension>`; extension with its dot, lower case.
  std::string Upload(UserId owner, const Uuid& file_id, std::string_view extension) const;
  /// `<media>/thumbs/<owner>/ab/cd/<asset>_<kind>[_edited].<format>`
  std::string Image(UserId owner, AssetId asset, AssetFileKind kind, bool is_edited, std::string_view format) const;
  /// `<media>/encoded-video/<owner>/ab/cd/<asset>.mp4`
  std::string EncodedVideo(UserId owner, AssetId asset) const;
  /// `<media>/encoded-video/<owner>/ab/cd/<video>-MP.mp4`
  std::string MotionVideo(UserId owner, const Uuid& video) const;
  /// `<media>/profile/<owner>/<file id>.<format>`
  std::string ProfileImage(UserId owner, const Uuid& file_id, std::string_view format) const;
  /// `<media>/thumbs/<owner>/ab/cd/<person>.jpeg`
  std::string PersonThumbnail(UserId owner, PersonId person) const;
  /// `<media>/library/<label or id>`
  std::string LibraryRoot(UserId owner, std::string_view storage_label) const;
  /// True for embedded motion videos, which live in the encoded-video folder.
  bool IsMotionVideo(std::string_view path) const;

 private:
  std::string root_;
};

}  // namespace immich
