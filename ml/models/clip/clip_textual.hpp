#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// White space collapsed to single spaces; with `canonicalize` also without ASCII punctuation and in lower case.
std::string CleanClipText(std::string_view text, bool canonicalize);

/// OpenCLIP, SigLIP, M-CLIP and NLLB text towers. Result: the embedding as a text of JSON numbers.
std::unique_ptr<ModelTask> MakeClipTextual(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
