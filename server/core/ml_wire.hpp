#pragma once

#include <string>
#include <string_view>

#include "server/core/ml_client.hpp"

// The wire form of POST /predict (facts: ml).
namespace immich::ml_wire {

std::string ImageEncodingEntries(std::string_view model);
std::string TextEncodingEntries(std::string_view model, const std::optional<std::string>& language);
std::string FaceEntries(std::string_view model, double min_score);
std::string TextReadingEntries(const TextReadingOptions& options);
std::string ObjectEntries(std::string_view model, double min_score);

/// A multipart/form-data body with `entries` and either a file `image` or a text `text`.
std::string MultipartBody(std::string_view boundary, std::string_view entries, std::string_view part_name,
                          std::string_view content);

/// Answers; all throw InternalError for one that is not what was asked for.
std::string ParseEncoding(std::string_view answer);
FaceReading ParseFaces(std::string_view answer);
std::vector<FoundText> ParseTexts(std::string_view answer);
ObjectReading ParseObjects(std::string_view answer);

}  // namespace immich::ml_wire
