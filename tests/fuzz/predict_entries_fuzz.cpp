// The field `entries` of predictions: no input crashes it, and what is accepted can be run.
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ml/service/predict_entries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto request = immich::ml::ParseEntries({reinterpret_cast<const char*>(data), size});
    if (request.tasks.empty()) std::abort();
    for (const auto& task : request.tasks) {
      if (task.entries.empty()) std::abort();
      for (const auto& entry : task.entries) {
        if (entry.kind == nullptr || entry.kind->task != task.task || entry.model_name.empty()) std::abort();
        static_cast<void>(entry.options->size());
      }
    }
  } catch (const immich::BadRequest&) {
    return 0;
  } catch (const immich::ml::UnprocessableEntries&) {
    return 0;
  }
  return 0;
}
