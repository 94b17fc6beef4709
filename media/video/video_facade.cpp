#include <algorithm>
#include <utility>

#include "media/image/image_module.hpp"
#include "media/module/module_loader.hpp"
#include "media/video/video_module.hpp"
#include "media/video/video_probe.hpp"
#include "media/video/video_still.hpp"

namespace immich::media {

std::expected<VideoProbe, Failure> ProbeVideo(const std::string& path, const ProbeOptions& options) {
  const auto module = ModuleTable<VideoModule>(kVideoModuleName, kVideoModuleEntry);
  if (!module) return std::unexpected(module.error());
  return (*module)->probe(path, options);
}

std::optional<VideoFacts> VideoFactsOf(const VideoProbe& probe) {
  if (probe.video_streams.empty()) return std::nullopt;
  const VideoStream& video = probe.video_streams.front();
  VideoFacts facts{.duration_seconds = probe.duration_seconds,
                   .rotation_degrees = video.rotation_degrees,
                   .width = video.width,
                   .height = video.height,
                   .frames_per_second = {}};
  if (video.frames_per_second > 0) facts.frames_per_second = video.frames_per_second;
  return facts;
}

std::expected<RenderResult, Failure> RenderVideoStill(const VideoStillRequest& request) {
  const auto video = ModuleTable<VideoModule>(kVideoModuleName, kVideoModuleEntry);
  if (!video) return std::unexpected(video.error());
  const auto image = ModuleTable<ImageModule>(kImageModuleName, kImageModuleEntry);
  if (!image) return std::unexpected(image.error());
  const bool native = request.preview.size_px <= 0 || request.thumbnail.size_px <= 0;
  auto frame =
      (*video)->decode_still(request.path, native ? 0 : std::max(request.preview.size_px, request.thumbnail.size_px));
  if (!frame) return std::unexpected(frame.error());
  RenderRequest render;
  render.preview = request.preview;
  render.thumbnail = request.thumbnail;
  render.profile = ColorProfile::kSrgb;
  render.even_sizes = true;
  return (*image)->render_picture(std::move(*frame), render);
}

}  // namespace immich::media
