#include "ml/testing/test_model_table.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <new>
#include <thread>

#include "ml/models/model_task.hpp"
#include "ml/testing/test_graph.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

struct Value final : Prepared {
  std::size_t rows() const override { return number < 0 ? 0 : 1; }
  float number = 0;
};

struct ValueOutput final : ModelOutput {
  explicit ValueOutput(float given) : number(given) {}
  std::string ToJson() const override { return fmt::format("\"[{}]\"", number); }
  float number;
};

class DoublingTask final : public ModelTask {
 public:
  explicit DoublingTask(std::shared_ptr<InferenceSession> session) : session_(std::move(session)) {}

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object&,
                                    const ModelOutput* dependency) const override {
    auto value = std::make_unique<Value>();
    if (dependency != nullptr) {
      value->number = static_cast<const ValueOutput*>(dependency)->number;
    } else if (input.image) {
      value->number = static_cast<float>(input.image->Decode()->width);
    } else {
      value->number = static_cast<float>(input.text.size());
    }
    return value;
  }
  std::size_t max_rows() const override { return 8; }
  void Infer(std::span<Prepared* const> batch) const override {
    auto input = Tensor::Make<float>({static_cast<std::int64_t>(batch.size()), 1});
    for (std::size_t i = 0; i < batch.size(); ++i) input.As<float>()[i] = static_cast<Value*>(batch[i])->number;
    const std::array inputs = {std::move(input)};
    const auto outputs = session_->Run(inputs);
    for (std::size_t i = 0; i < batch.size(); ++i) static_cast<Value*>(batch[i])->number = outputs[0].As<float>()[i];
  }
  std::unique_ptr<ModelOutput> Finish(Prepared& prepared) const override {
    return std::make_unique<ValueOutput>(static_cast<Value&>(prepared).number);
  }

 private:
  std::shared_ptr<InferenceSession> session_;
};

std::unique_ptr<ModelTask> MakeDoubling(const ModelFolder& folder, SessionFactory& sessions) {
  if (folder.model_name.find("huge") != std::string::npos) throw std::bad_alloc();
  auto session = sessions.Open(folder.onnx_file());
  if (session->Inputs()[0].shape.size() != 2) throw ModelLoadError("unexpected shape");
  while (folder.model_name.find("slow") != std::string::npos && testing::TestTable::holds_slow_models) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ++testing::TestTable::made;
  return std::make_unique<DoublingTask>(std::move(session));
}

constexpr ModelKind kKinds[] = {
    {"clip", "visual", InputKind::kImage, "", MakeDoubling},
    {"clip", "textual", InputKind::kText, "", MakeDoubling},
    {"facial-recognition", "detection", InputKind::kImage, "", MakeDoubling},
    {"facial-recognition", "recognition", InputKind::kImage, "detection", MakeDoubling},
    {"ocr", "detection", InputKind::kImage, "", MakeDoubling},
    {"ocr", "recognition", InputKind::kImage, "detection", MakeDoubling},
};

}  // namespace

std::span<const ModelKind> ModelKinds() {
  return kKinds;
}

const ModelKind* FindModelKind(std::string_view task, std::string_view type) {
  for (const ModelKind& kind : kKinds) {
    if (kind.task == task && kind.type == type) return &kind;
  }
  return nullptr;
}

// A picture is `<width>x<height>`: what pictures can be is tested where they are decoded.
ImageInput::ImageInput(std::string bytes) : bytes_(std::move(bytes)) {
  const char* const end = bytes_.data() + bytes_.size();
  const auto [after_width, fault] = std::from_chars(bytes_.data(), end, width_);
  if (fault != std::errc{} || after_width == end) throw BadRequest("The image cannot be read");
  std::from_chars(after_width + 1, end, height_);
}

ImageInput::~ImageInput() = default;

std::shared_ptr<const RgbImage> ImageInput::Decode(int) {
  auto image = std::make_shared<RgbImage>();
  image->width = width_;
  image->height = height_;
  return image;
}

namespace testing {

std::atomic<int> TestTable::made = 0;
std::atomic<bool> TestTable::holds_slow_models = false;

void TestTable::WriteModel(const std::string& cache, const std::string& task, const std::string& type,
                           const std::string& name) {
  const std::string folder = fmt::format("{}/{}/{}/{}", cache, task, name, type);
  std::filesystem::create_directories(folder);
  TestGraph graph;
  graph.Input({"x", {-1, 1}}).Output({"y", {-1, 1}}).Node("Add", {"x", "x"}, {"y"});
  graph.Save(folder + "/model.onnx");
}

std::string TestTable::Picture(int width, int height) {
  return fmt::format("{}x{}", width, height);
}

}  // namespace testing
}  // namespace immich::ml
