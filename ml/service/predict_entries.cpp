#include "ml/service/predict_entries.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

namespace immich::ml {
namespace {

namespace bj = boost::json;

const bj::object& NoOptions() {
  static const bj::object empty;
  return empty;
}

json::Document ParseDocument(std::string_view text) {
  try {
    return json::Document::Parse(text);
  } catch (const BadRequest&) {
    throw UnprocessableEntries();
  }
}

/// The member as an object; null when it is absent or null. Throws UnprocessableEntries for anything else.
const bj::object* FindObject(const bj::object& parent, std::string_view key) {
  const bj::value* value = parent.if_contains(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (!value->is_object()) throw UnprocessableEntries();
  return &value->as_object();
}

PredictEntry ParseEntry(std::string_view task, std::string_view type, const bj::value& value) {
  PredictEntry entry;
  entry.kind = FindModelKind(task, type);
  if (entry.kind == nullptr || !value.is_object()) throw UnprocessableEntries();
  const bj::value* name = value.as_object().if_contains("modelName");
  if (name == nullptr || !name->is_string() || name->as_string().empty()) throw UnprocessableEntries();
  entry.model_name = std::string(name->as_string());
  const bj::object* options = FindObject(value.as_object(), "options");
  entry.options = options == nullptr ? &NoOptions() : options;
  return entry;
}

/// Puts the types in the order of the model table and checks that nothing they depend on is missing.
void Arrange(PredictTask& task) {
  std::sort(task.entries.begin(), task.entries.end(),
            [](const PredictEntry& a, const PredictEntry& b) { return a.kind < b.kind; });
  for (const PredictEntry& entry : task.entries) {
    const std::string_view needed = entry.kind->depends_on;
    const bool has_needed =
        needed.empty() || std::any_of(task.entries.begin(), task.entries.end(),
                                      [&](const auto& other) { return other.kind->type == needed; });
    if (!has_needed) {
      throw BadRequest(std::string(entry.kind->type) + " of " + std::string(task.task) + " needs " +
                       std::string(needed));
    }
  }
}

}  // namespace

bool PredictRequest::NeedsInput(InputKind kind) const {
  return std::any_of(tasks.begin(), tasks.end(), [&](const PredictTask& task) {
    return std::any_of(task.entries.begin(), task.entries.end(),
                       [&](const PredictEntry& entry) { return entry.kind->input == kind; });
  });
}

PredictRequest ParseEntries(std::string_view entries) {
  PredictRequest request{ParseDocument(entries), {}};
  if (!request.document.root().is_object()) throw UnprocessableEntries();
  for (const auto& [task_name, types] : request.document.root().as_object()) {
    if (!types.is_object() || types.as_object().empty()) throw UnprocessableEntries();
    PredictTask task;
    for (const auto& [type_name, entry] : types.as_object()) {
      task.entries.push_back(ParseEntry(task_name, type_name, entry));
    }
    task.task = task.entries.front().kind->task;
    Arrange(task);
    request.tasks.push_back(std::move(task));
  }
  if (request.tasks.empty()) throw UnprocessableEntries();
  return request;
}

}  // namespace immich::ml
