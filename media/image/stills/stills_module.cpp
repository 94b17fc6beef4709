#include <exception>
#include <string_view>

#include "media/image/still_module.hpp"
#include "media/image/stills/heif_decoder.hpp"
#include "media/image/stills/jxl_decoder.hpp"
#include "media/image/stills/raw_decoder.hpp"
#include "media/mime/media_types.hpp"

namespace immich::media {
namespace {

std::expected<DecodedImage, Failure> DecodeStillFormats(const DecodeRequest& request) {
  try {
    const MediaType* type = FindMediaTypeByPath(request.path);
    if (type != nullptr && type->is_raw) return DecodeRaw(request);
    const auto head = ReadFileHead(request.path, 12);
    if (!head) return std::unexpected(head.error());
    const std::string_view text(reinterpret_cast<const char*>(head->data()), head->size());
    return text.find("ftyp") == 4 ? DecodeHeif(request) : DecodeJxl(request);
  } catch (const std::exception& error) {
    return Fail(FailureKind::kTooLarge, error.what());
  }
}

}  // namespace
}  // namespace immich::media

const immich::media::StillModule* immich_media_decoder_module() {
  static constexpr immich::media::StillModule kModule = {.decode = immich::media::DecodeStillFormats};
  return &kModule;
}
