#pragma once

#include <memory>
#include <string>

#include "ml/models/model_task.hpp"
#include "ml/service/ml_metrics.hpp"
#include "ml/service/model_pool.hpp"
#include "ml/service/predict_entries.hpp"
#include "ml/service/predict_form.hpp"
#include "platform/async/event_loop.hpp"

namespace immich::ml {

/// Answers predictions. Used on the event loop; decoding and everything else around graphs happens on the blocking
/// pool, graphs run on the lanes.
class PredictService {
 public:
  struct Limits {
    /// Requests that may hold decoded pictures at the same time; the others wait with the bytes they were sent.
    std::size_t active = 8;
    /// Threads for preparing.
    std::size_t preparing = 2;
  };
  PredictService(ModelPool& models, MlMetrics& metrics, Limits limits)
      : models_(models), metrics_(metrics), active_(limits.active), preparing_(limits.preparing) {}

  /// The JSON of the answer. Throws UnprocessableEntries for entries it cannot read, BadRequest for input that does not
  /// fit them, ModelUnavailable.
  Task<std::string> Predict(PredictForm form);

 private:
  Task<ModelInput> MakeInput(PredictForm& form, const PredictRequest& request);
  Task<std::string> RunTask(std::shared_ptr<const PredictRequest> request, const PredictTask& task, ModelInput input);
  Task<std::shared_ptr<ModelOutput>> RunEntry(std::shared_ptr<const PredictRequest> request, const PredictEntry& entry,
                                              ModelInput input, std::shared_ptr<ModelOutput> dependency);
  Task<std::shared_ptr<Prepared>> Prepare(std::shared_ptr<const LoadedModel> model,
                                          std::shared_ptr<const PredictRequest> request, const PredictEntry& entry,
                                          ModelInput input, std::shared_ptr<ModelOutput> dependency);

  ModelPool& models_;
  MlMetrics& metrics_;
  Semaphore active_;
  Semaphore preparing_;
};

}  // namespace immich::ml
