#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ml/models/model_task.hpp"
#include "ml/sessions/session_factory.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::ml::testing {

/// Runs models on pictures and texts as the service does, without the service.
class ModelBench {
 public:
  /// Puts files below the folder of a model: name in the folder of the type (or `../name` for the model's own), and
  /// where it is now.
  struct File {
    std::string name;
    std::filesystem::path source;
  };
  std::unique_ptr<ModelTask> Load(std::string_view task, std::string_view type, const std::vector<File>& files,
                                  const std::string& model_name = "test");
  /// Where Load put the files of the type: for writing more before the next Load.
  std::filesystem::path TypeFolder(std::string_view task, std::string_view type,
                                   const std::string& model_name = "test") const;

 private:
  immich::testing::TemporaryDirectory folder_;
  OnnxSessionFactory sessions_{SessionSettings{}};
};

ModelInput PictureInput(const std::filesystem::path& file);
ModelInput TextInput(std::string text);
/// Prepare, Infer, Finish of one request. `options` is JSON.
std::unique_ptr<ModelOutput> RunModel(const ModelTask& model, const ModelInput& input, std::string_view options = "{}",
                                      const ModelOutput* dependency = nullptr);
/// Numbers of a JSON array in a text.
std::vector<float> NumbersOf(std::string_view json);
double Cosine(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace immich::ml::testing
