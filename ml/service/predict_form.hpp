#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"

namespace immich::ml {

/// The body of POST /predict.
struct PredictForm {
  std::optional<std::string> entries;
  std::optional<std::string> text;
  std::optional<std::string> image;
};

/// Larger pictures are refused with 413; previews have some MB, and the largest decodable picture fits.
inline constexpr std::size_t kMaxImageBytes = 256 * 1024 * 1024;

/// Reads multipart/form-data, and application/x-www-form-urlencoded for text. Throws BadRequest for a malformed body,
/// PayloadTooLarge, and UnprocessableEntries for any other content type.
Task<PredictForm> ReadPredictForm(http::Request& request);

}  // namespace immich::ml
