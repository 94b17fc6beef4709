#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ml/models/model_task.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {

/// The field `entries` cannot be used.
class UnprocessableEntries : public Error {
 public:
  UnprocessableEntries() : Error(422, "Invalid request format.") {}
};

/// One model to run.
struct PredictEntry {
  const ModelKind* kind = nullptr;
  std::string model_name;
  /// Lives in the document of the request.
  const boost::json::object* options = nullptr;
};

struct PredictTask {
  std::string_view task;
  /// A type comes after the one it depends on. The output of the last one is sent.
  std::vector<PredictEntry> entries;
};

struct PredictRequest {
  json::Document document;
  std::vector<PredictTask> tasks;

  bool NeedsInput(InputKind kind) const;
};

/// Reads `{ "<task>": { "<type>": { "modelName": …, "options": {…} } } }`. Throws UnprocessableEntries, and BadRequest
/// when a type is asked for without the one it depends on.
PredictRequest ParseEntries(std::string_view entries);

}  // namespace immich::ml
