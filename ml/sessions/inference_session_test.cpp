#include "ml/sessions/inference_session.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "ml/models/model_error.hpp"
#include "ml/sessions/session_factory.hpp"
#include "ml/testing/test_graph.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::ml {
namespace {

using testing::TestGraph;

TestGraph DoublingGraph(int element_type = 1) {
  TestGraph graph;
  graph.Input({"x", {-1, 2}, element_type}).Output({"y", {-1, 2}, element_type});
  graph.Node("Add", {"x", "x"}, {"y"}).Metadata("character", "abc");
  return graph;
}

class InferenceSessionTest : public ::testing::Test {
 protected:
  void SetUp() override { IMMICH_ML_NEEDS_RUNTIME(); }
  std::shared_ptr<InferenceSession> Open(const TestGraph& graph, SessionSettings settings = {}) {
    graph.Save(folder_ / "model.onnx");
    return OnnxSessionFactory(std::move(settings)).Open(folder_ / "model.onnx");
  }
  immich::testing::TemporaryDirectory folder_;
};

Tensor Pair(float first, float second) {
  auto tensor = Tensor::Make<float>({1, 2});
  tensor.As<float>()[0] = first;
  tensor.As<float>()[1] = second;
  return tensor;
}

TEST_F(InferenceSessionTest, ShowsWhatTheGraphDeclares) {
  const auto session = Open(DoublingGraph());
  ASSERT_EQ(session->Inputs().size(), 1u);
  EXPECT_EQ(session->Inputs()[0].name, "x");
  EXPECT_EQ(session->Inputs()[0].shape, (Shape{-1, 2}));
  EXPECT_EQ(session->Outputs()[0].type, ElementType::kFloat32);
  EXPECT_TRUE(session->has_dynamic_batch());
  EXPECT_EQ(session->FindOutput("y"), 0u);
  EXPECT_EQ(session->FindOutput("z"), std::nullopt);
  EXPECT_EQ(session->provider(), "CPU");
  EXPECT_EQ(session->FindMetadata("character"), "abc");
  EXPECT_EQ(session->FindMetadata("missing"), std::nullopt);
}

TEST_F(InferenceSessionTest, RunsAndConvertsElementTypes) {
  const std::vector<Tensor> inputs = {Pair(1.5f, -2)};
  for (const int element_type : {1, 10, 6, 7}) {
    const auto session = Open(DoublingGraph(element_type));
    const auto outputs = session->Run(inputs);
    ASSERT_EQ(outputs.size(), 1u);
    const Tensor result = outputs[0].ConvertedTo(ElementType::kFloat32);
    EXPECT_EQ(result.As<float>()[0], element_type == 1 || element_type == 10 ? 3.0f : 2.0f) << element_type;
    EXPECT_EQ(result.As<float>()[1], -4.0f) << element_type;
  }
}

TEST_F(InferenceSessionTest, RunsOnSeveralThreadsAtOnce) {
  const auto session = Open(DoublingGraph());
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::vector<Tensor> inputs = {Pair(static_cast<float>(t), static_cast<float>(i))};
        const auto outputs = session->Run(inputs);
        right += outputs[0].As<float>()[0] == 2.0f * static_cast<float>(t) &&
                 outputs[0].As<float>()[1] == 2.0f * static_cast<float>(i);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 800);
}

TEST_F(InferenceSessionTest, WrongShapesAreAnError) {
  const auto session = Open(DoublingGraph());
  const std::vector<Tensor> wide = {Tensor::Make<float>({1, 3})};
  EXPECT_THROW(session->Run(wide), InternalError);
  EXPECT_THROW(session->Run({}), InternalError);
  const std::vector<Tensor> inputs = {Pair(1, 1)};
  EXPECT_EQ(session->Run(inputs)[0].As<float>()[0], 2.0f);
}

TEST_F(InferenceSessionTest, BrokenFilesAreModelErrors) {
  const std::string bytes = DoublingGraph().Serialize();
  OnnxSessionFactory factory({});
  EXPECT_THROW(factory.Open(folder_ / "absent.onnx"), ModelLoadError);
  for (const std::string& broken : {std::string(), bytes.substr(0, bytes.size() / 2), std::string("<html>")}) {
    std::ofstream(folder_ / "broken.onnx", std::ios::binary) << broken;
    EXPECT_THROW(factory.Open(folder_ / "broken.onnx"), ModelLoadError) << broken.size();
  }
}

TEST_F(InferenceSessionTest, TextInputsAreRefused) {
  TestGraph graph;
  graph.Input({"x", {-1}, 8}).Output({"y", {-1}, 8}).Node("Identity", {"x"}, {"y"});
  EXPECT_THROW(Open(graph), ModelLoadError);
}

TEST_F(InferenceSessionTest, ProvidersThatAreNotThereFallBackToTheCpu) {
  SessionSettings settings;
  settings.providers.wanted = {ExecutionProvider::kCuda, ExecutionProvider::kOpenvino};
  const auto session = Open(DoublingGraph(), settings);
  EXPECT_EQ(session->provider(), "CPU");
  EXPECT_EQ(ParseExecutionProvider("cuda"), ExecutionProvider::kCuda);
  EXPECT_EQ(ParseExecutionProvider("MIGraphXExecutionProvider"), ExecutionProvider::kMigraphx);
  EXPECT_THROW(ParseExecutionProvider("abacus"), InternalError);
}

TEST_F(InferenceSessionTest, RunsWithoutArena) {
  SessionSettings settings;
  settings.arena = false;
  const std::vector<Tensor> inputs = {Pair(4, 5)};
  EXPECT_EQ(Open(DoublingGraph(), settings)->Run(inputs)[0].As<float>()[1], 10.0f);
}

TEST_F(InferenceSessionTest, ReadsTheTestModels) {
  IMMICH_ML_NEEDS_MODEL(file, "face/recognition.onnx");
  const auto session = OnnxSessionFactory({}).Open(file);
  EXPECT_TRUE(session->has_dynamic_batch());
  EXPECT_EQ(session->Inputs()[0].shape, (Shape{-1, 3, 112, 112}));
}

}  // namespace
}  // namespace immich::ml
