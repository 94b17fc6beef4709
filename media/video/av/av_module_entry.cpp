#include "media/video/video_module.hpp"

#include <exception>

#include "media/video/av/av_probe.hpp"
#include "media/video/av/av_still.hpp"

namespace immich::media {
namespace {

std::expected<VideoProbe, Failure> Probe(const std::string& path, const ProbeOptions& options) {
  try {
    return ProbeWithAv(path, options);
  } catch (const std::exception& error) {
    return Fail(FailureKind::kTooLarge, error.what());
  }
}

std::expected<PlanarImage, Failure> DecodeContained(const std::string& path, int shorter_edge_px) {
  try {
    return DecodeStillFrame(path, shorter_edge_px);
  } catch (const std::exception& error) {
    return Fail(FailureKind::kTooLarge, error.what());
  }
}

}  // namespace
}  // namespace immich::media

const immich::media::VideoModule* immich_media_video_module() {
  static constexpr immich::media::VideoModule kModule = {.probe = immich::media::Probe,
                                                         .decode_still = immich::media::DecodeContained};
  return &kModule;
}
