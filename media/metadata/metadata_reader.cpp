#include "media/metadata/metadata_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "media/metadata/exiftool/exiftool_reader.hpp"
#include "media/metadata/metadata_module.hpp"
#include "media/metadata/metadata_rule.hpp"
#include "media/mime/media_types.hpp"
#include "media/module/module_loader.hpp"

namespace immich::media {
namespace {

auto Module() {
  return ModuleTable<MetadataModule>(kMetadataModuleName, kMetadataModuleEntry);
}

TimePoint ToTimePoint(const struct statx_timestamp& time) {
  return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_nsec / 1000));
}

std::expected<FileFacts, Failure> ReadFileFacts(const std::string& path) {
  struct statx status = {};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_SIZE | STATX_MTIME | STATX_BTIME, &status) != 0) {
    return Fail(FailureKind::kNotFound, std::strerror(errno));
  }
  FileFacts facts{
      .size_bytes = static_cast<int64_t>(status.stx_size), .modified = ToTimePoint(status.stx_mtime), .born = {}};
  if ((status.stx_mask & STATX_BTIME) != 0) facts.born = ToTimePoint(status.stx_btime);
  return facts;
}

bool HasDate(const TagSet& tags) {
  return tags.Has("CreateDate") || tags.Has("CreationDate") || tags.Has("DateTimeOriginal") ||
         tags.Has("MediaCreateDate");
}

TagSet ReadVideoTags(const MetadataRequest& request) {
  TagSet tags = request.container_tags.value_or(TagSet());
  tags.is_video = true;
  // Camcorder formats keep dates where only ExifTool looks.
  if (HasDate(tags) || !request.allow_exiftool) return tags;
  auto more = ReadTagsWithExifTool(request.path, true);
  if (!more) return tags;
  more->tags.insert(tags.tags.begin(), tags.tags.end());
  more->is_video = true;
  return std::move(*more);
}

/// Fails only when the module itself cannot be loaded: what a broken picture does not tell is a normal outcome.
std::expected<TagSet, Failure> ReadStillTags(const MetadataRequest& request) {
  const auto module = Module();
  if (!module) return std::unexpected(module.error());
  auto tags = (*module)->read_picture(request.path);
  if (tags) return std::move(*tags);
  if (!request.allow_exiftool) return TagSet();
  return ReadTagsWithExifTool(request.path, false).value_or(TagSet());
}

/// The tags of the sidecar, empty without one or when it is broken. Fails like ReadStillTags.
std::expected<std::optional<TagSet>, Failure> ReadSidecar(const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  const auto module = Module();
  if (!module) return std::unexpected(module.error());
  auto tags = (*module)->read_sidecar(*path);
  if (!tags) return std::nullopt;
  return std::move(*tags);
}

}  // namespace

std::expected<MediaMetadata, Failure> ReadMetadata(const MetadataRequest& request) {
  const auto facts = ReadFileFacts(request.path);
  if (!facts) return std::unexpected(facts.error());
  const MediaType* type = FindMediaTypeByPath(request.path);
  const bool is_video = type != nullptr && type->kind == MediaKind::kVideo;
  auto media = is_video ? ReadVideoTags(request) : ReadStillTags(request);
  if (!media) return std::unexpected(media.error());
  auto sidecar = ReadSidecar(request.sidecar_path);
  if (!sidecar) return std::unexpected(sidecar.error());
  MetadataInputs inputs{.extension = std::string(FileExtension(request.path)),
                        .media = std::move(*media),
                        .sidecar = std::move(*sidecar),
                        .video = request.video,
                        .file = *facts,
                        .fallback_date = request.fallback_date};
  return DecideMetadata(inputs);
}

std::expected<std::string, Failure> UpdateSidecar(std::span<const uint8_t> existing, const SidecarChanges& changes) {
  const auto module = Module();
  if (!module) return std::unexpected(module.error());
  return (*module)->update_sidecar(existing, changes);
}

std::string PanoramaPacket(const std::string& path) {
  const auto module = Module();
  return module ? (*module)->panorama_packet(path) : std::string();
}

}  // namespace immich::media
