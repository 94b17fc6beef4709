#include <exception>

#include "media/image/still_module.hpp"
#include "media/image/vips/vips_decoder.hpp"

namespace immich::media {
namespace {

std::expected<DecodedImage, Failure> DecodeContained(const DecodeRequest& request) {
  try {
    return DecodeWithVips(request);
  } catch (const std::exception& error) {
    return Fail(FailureKind::kTooLarge, error.what());
  }
}

}  // namespace
}  // namespace immich::media

const immich::media::StillModule* immich_media_decoder_module() {
  static constexpr immich::media::StillModule kModule = {.decode = immich::media::DecodeContained};
  return &kModule;
}
