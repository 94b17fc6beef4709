#include "ml/service/predict_service.hpp"

#include <map>

#include "ml/models/decode_clock.hpp"
#include "platform/async/blocking.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

using Clock = std::chrono::steady_clock;
using Stage = MlMetrics::Stage;

/// What Prepare cost, told apart on the thread that did it.
struct Preparation {
  std::shared_ptr<Prepared> prepared;
  Clock::duration decode{};
  Clock::duration rest{};
};

}  // namespace

Task<std::string> PredictService::Predict(PredictForm form) {
  if (!form.entries) throw UnprocessableEntries();
  const auto request = std::make_shared<const PredictRequest>(ParseEntries(*form.entries));
  const auto permit = co_await active_.AcquirePermit();
  ModelInput input = co_await MakeInput(form, *request);
  std::string answer = "{";
  for (const PredictTask& task : request->tasks) {
    json::AppendString(answer, task.task);
    answer += ':';
    answer += co_await RunTask(request, task, input);
    answer += ',';
  }
  if (input.image) {
    answer += "\"imageHeight\":";
    json::AppendInt(answer, input.image->height());
    answer += ",\"imageWidth\":";
    json::AppendInt(answer, input.image->width());
  }
  json::EndObject(answer);
  co_return answer;
}

Task<ModelInput> PredictService::MakeInput(PredictForm& form, const PredictRequest& request) {
  ModelInput input;
  const bool has_text = form.text && !form.text->empty();
  if (!form.image && !has_text) throw BadRequest("Either image or text must be provided");
  if (request.NeedsInput(InputKind::kText)) {
    if (!has_text) throw BadRequest("Text must be provided");
    input.text = std::move(*form.text);
  }
  if (request.NeedsInput(InputKind::kImage) && !form.image) throw BadRequest("Image must be provided");
  if (form.image) {
    if (form.image->empty()) throw BadRequest("The image is empty");
    auto bytes = std::make_shared<std::string>(std::move(*form.image));
    input.image = co_await RunBlocking([bytes] { return std::make_shared<ImageInput>(std::move(*bytes)); });
  }
  co_return input;
}

Task<std::string> PredictService::RunTask(std::shared_ptr<const PredictRequest> request, const PredictTask& task,
                                          ModelInput input) {
  std::map<std::string_view, std::shared_ptr<ModelOutput>> outputs;
  std::shared_ptr<ModelOutput> last;
  for (const PredictEntry& entry : task.entries) {
    const auto dependency = outputs.find(entry.kind->depends_on);
    std::shared_ptr<ModelOutput> needed = dependency == outputs.end() ? nullptr : dependency->second;
    last = co_await RunEntry(request, entry, input, std::move(needed));
    outputs[entry.kind->type] = last;
  }
  co_return last->ToJson();
}

Task<std::shared_ptr<ModelOutput>> PredictService::RunEntry(std::shared_ptr<const PredictRequest> request,
                                                            const PredictEntry& entry, ModelInput input,
                                                            std::shared_ptr<ModelOutput> dependency) {
  const std::string_view task = entry.kind->task;
  const std::shared_ptr<const LoadedModel> model = co_await models_.Get(*entry.kind, entry.model_name);
  auto ticket = model->queue->Announce();
  const std::shared_ptr<Prepared> prepared =
      co_await Prepare(model, std::move(request), entry, std::move(input), std::move(dependency));
  if (prepared->rows() > 0) {
    const auto start = Clock::now();
    co_await model->queue->Infer(std::move(ticket), prepared);
    metrics_.ObserveStage(task, Stage::kInference, Clock::now() - start);
  } else {
    ticket.Withdraw();
  }
  const auto start = Clock::now();
  auto finish = [model, prepared] { return std::shared_ptr<ModelOutput>(model->task->Finish(*prepared)); };
  std::shared_ptr<ModelOutput> output = co_await RunBlocking(std::move(finish));
  metrics_.ObserveStage(task, Stage::kPostprocess, Clock::now() - start);
  co_return output;
}

Task<std::shared_ptr<Prepared>> PredictService::Prepare(std::shared_ptr<const LoadedModel> model,
                                                        std::shared_ptr<const PredictRequest> request,
                                                        const PredictEntry& entry, ModelInput input,
                                                        std::shared_ptr<ModelOutput> dependency) {
  const auto permit = co_await preparing_.AcquirePermit();
  auto work = [model = std::move(model), request = std::move(request), &entry, input = std::move(input),
               dependency = std::move(dependency)] {
    Preparation done;
    DecodeClock::Take();
    const auto start = Clock::now();
    done.prepared = model->task->Prepare(input, *entry.options, dependency.get());
    done.decode = DecodeClock::Take();
    done.rest = Clock::now() - start - done.decode;
    return done;
  };
  Preparation done = co_await RunBlocking(std::move(work));
  metrics_.ObserveStage(entry.kind->task, Stage::kDecode, done.decode);
  metrics_.ObserveStage(entry.kind->task, Stage::kPreprocess, done.rest);
  co_return std::move(done.prepared);
}

}  // namespace immich::ml
