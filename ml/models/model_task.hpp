#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ml/imaging/image_input.hpp"
#include "ml/models/model_error.hpp"
#include "ml/sessions/inference_session.hpp"

// What the service knows of a model: it is loaded from a folder, prepares inputs, runs them in batches and writes the
// answer. Everything else about CLIP, faces, text and objects stays in the folders of the tasks.
namespace immich::ml {

/// What a request gives to a model: exactly one of image and text.
struct ModelInput {
  /// Shared by all entries of a request; decodes each size once.
  std::shared_ptr<ImageInput> image;
  std::string text;
};

/// Result of a model for one request. Detection hands it to recognition; the last one of a task is sent.
class ModelOutput {
 public:
  virtual ~ModelOutput() = default;
  /// The JSON value of the task in the answer.
  virtual std::string ToJson() const = 0;
};

/// One request on its way through a model: what Prepare made, and what Infer adds.
class Prepared {
 public:
  virtual ~Prepared() = default;
  /// Rows this request adds to a batch (faces, lines of text). 0: nothing to infer, Infer is left out.
  virtual std::size_t rows() const { return 1; }
};

/// A loaded model of one task and type. Prepare and Finish run on several threads at once; Infer as well.
class ModelTask {
 public:
  virtual ~ModelTask() = default;

  /// Decodes and converts. `options` is the `options` object of the entry (may be empty); `dependency` is the output of
  /// the type this one builds on, null when it builds on none. Throws BadRequest for input or options it cannot use.
  virtual std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                            const ModelOutput* dependency) const = 0;
  /// Largest sum of rows() worth running together; 1 when the graph takes one row.
  virtual std::size_t max_rows() const { return 1; }
  /// Runs the graph for all requests; each keeps what it needs for Finish. A request with more rows than max_rows() is
  /// split in here. Throws when the graph fails; the service then runs the requests one by one.
  virtual void Infer(std::span<Prepared* const> batch) const = 0;
  /// Turns the raw outputs into the result.
  virtual std::unique_ptr<ModelOutput> Finish(Prepared& prepared) const = 0;
};

/// What a model is created from.
struct ModelFolder {
  /// `<cache>/<task>/<model>`: config.json.
  std::filesystem::path root;
  /// `<cache>/<task>/<model>/<type>`: model.onnx, preprocess_cfg.json, tokenizer.json….
  std::filesystem::path type;
  /// Name as the request gave it.
  std::string model_name;
  /// Largest batch of rows (MACHINE_LEARNING_MAX_BATCH_SIZE__*); 0: the task's default.
  std::size_t max_batch_rows = 0;

  std::filesystem::path onnx_file() const { return type / "model.onnx"; }
};

/// Creates the model. Throws ModelLoadError or ModelResourceError.
using ModelMaker = std::unique_ptr<ModelTask> (*)(const ModelFolder& folder, SessionFactory& sessions);

enum class InputKind : std::uint8_t { kImage, kText };

/// One row of the model table (model_table.cpp).
struct ModelKind {
  std::string_view task;
  std::string_view type;
  InputKind input;
  /// Type of the same task whose output this one needs; empty for none.
  std::string_view depends_on;
  ModelMaker make;
};

/// All kinds, in the order in which the types of a task run.
std::span<const ModelKind> ModelKinds();
/// Null for an unknown task or type.
const ModelKind* FindModelKind(std::string_view task, std::string_view type);

}  // namespace immich::ml
