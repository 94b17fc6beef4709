#include "ml/models/testing/model_bench.hpp"

#include <boost/json/object.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "platform/json/json_parse.hpp"

namespace immich::ml::testing {

namespace fs = std::filesystem;

fs::path ModelBench::TypeFolder(std::string_view task, std::string_view type, const std::string& model_name) const {
  return fs::path(folder_.path()) / task / model_name / type;
}

std::unique_ptr<ModelTask> ModelBench::Load(std::string_view task, std::string_view type,
                                            const std::vector<File>& files, const std::string& model_name) {
  const fs::path folder = TypeFolder(task, type, model_name);
  fs::create_directories(folder);
  for (const auto& [name, source] : files) {
    const fs::path link = folder / name;
    fs::remove(link);
    fs::create_symlink(fs::absolute(source), link);
  }
  const ModelKind* kind = FindModelKind(task, type);
  if (kind == nullptr) throw std::invalid_argument("no such kind of model");
  ModelFolder from;
  from.root = folder.parent_path();
  from.type = folder;
  from.model_name = model_name;
  return kind->make(from, sessions_);
}

ModelInput PictureInput(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return {std::make_shared<ImageInput>(std::move(bytes)), {}};
}

ModelInput TextInput(std::string text) {
  return {nullptr, std::move(text)};
}

std::unique_ptr<ModelOutput> RunModel(const ModelTask& model, const ModelInput& input, std::string_view options,
                                      const ModelOutput* dependency) {
  const json::Document parsed = json::Document::Parse(options);
  const auto prepared = model.Prepare(input, parsed.root().as_object(), dependency);
  Prepared* const one = prepared.get();
  if (prepared->rows() > 0) model.Infer(std::span(&one, 1));
  return model.Finish(*prepared);
}

std::vector<float> NumbersOf(std::string_view text) {
  std::vector<float> numbers;
  const json::Document document = json::Document::Parse(text);
  for (const auto& number : document.root().as_array()) numbers.push_back(number.to_number<float>());
  return numbers;
}

double Cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    dot += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

}  // namespace immich::ml::testing
