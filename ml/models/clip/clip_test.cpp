#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>

#include "ml/imaging/testdata/pillow_reference.hpp"
#include "ml/models/clip/clip_textual.hpp"
#include "ml/models/clip/clip_visual.hpp"
#include "ml/models/clip/flores_language.hpp"
#include "ml/models/testing/model_bench.hpp"
#include "ml/testing/test_graph.hpp"
#include "ml/testing/test_models.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

#include <boost/json/value.hpp>

namespace immich::ml {
namespace {

using testing::ModelBench;
using testing::TestGraph;

struct Difference {
  double mean = 0;
  double max = 0;
};

/// What CLIP gets from us and from Pillow, for a picture decoded at no less than `shorter_edge`.
Difference CompareWithPillow(const std::filesystem::path& file, int size, int shorter_edge) {
  const ModelInput input = testing::PictureInput(file);
  ClipPreprocessing wanted = ReadClipPreprocessing("/nowhere", {"image", ElementType::kFloat32, {-1, 3, size, size}});
  std::vector<float> made(static_cast<std::size_t>(3 * size * size));
  FillClipPlanes(*input.image->Decode(shorter_edge), input.image->width(), input.image->height(), wanted, made);
  const std::string expected = testing::AskPillow("clip " + file.string() + " " + std::to_string(size));
  EXPECT_EQ(expected.size(), made.size() * sizeof(float)) << file;
  if (expected.size() != made.size() * sizeof(float)) return {1, 1};
  Difference difference;
  for (std::size_t i = 0; i < made.size(); ++i) {
    float reference = 0;
    std::memcpy(&reference, expected.data() + i * sizeof(float), sizeof(float));
    const double off = std::abs(static_cast<double>(reference) - made[i]);
    difference.mean += off / static_cast<double>(made.size());
    difference.max = std::max(difference.max, off);
  }
  return difference;
}

TEST(ClipVisual, PreparesPicturesAsPillowDoes) {
  if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
  if (!testing::HasPillow()) GTEST_SKIP() << "python3-pil is not installed";
  for (const char* name : {"faces/portrait.jpg", "albums/nature/cyclamen_persicum.jpg"}) {
    for (const int size : {224, 384}) {
      const Difference difference = CompareWithPillow(testing::MediaFolder() / name, size, 0);
      EXPECT_LT(difference.max, 1e-2) << name;
      EXPECT_LT(difference.mean, 1e-3) << name;
    }
    // Decoding at half or a quarter of the size leaves the picture next to that.
    const Difference scaled = CompareWithPillow(testing::MediaFolder() / name, 224, 448);
    RecordProperty(std::string(name) + " scaled while decoding, mean", std::to_string(scaled.mean));
    EXPECT_LT(scaled.mean, 0.03) << name;
  }
}

TEST(ClipTextual, CleansTexts) {
  EXPECT_EQ(CleanClipText("  a \t photo\n\n of\u00a0a \u3000cat ", false), "a photo of a cat");
  EXPECT_EQ(CleanClipText("A Photo, of: (a) \"Cat\"! Ünï-Cödé…", true), "a photo of a cat ünïcödé…");
  EXPECT_EQ(CleanClipText(" \t ", true), "");
}

TEST(ClipTextual, KnowsTheLanguagesOfTheInterface) {
  EXPECT_EQ(FloresLanguage("de"), "deu_Latn");
  EXPECT_EQ(FloresLanguage("pt-BR"), "por_Latn");
  EXPECT_EQ(FloresLanguage("zh_Hant"), "zho_Hant");
  EXPECT_EQ(FloresLanguage("zh-Hans-CN"), "zho_Hans");
  EXPECT_EQ(FloresLanguage("tlh"), "eng_Latn");
  EXPECT_EQ(FloresLanguage(""), "eng_Latn");
}

/// The embedding inside the answer: a JSON text that holds an array.
std::vector<float> EmbeddingOf(const ModelOutput& output) {
  return testing::NumbersOf(std::string(json::Document::Parse(output.ToJson()).root().as_string()));
}

class ConceptClip : public ::testing::Test {
 protected:
  std::unique_ptr<ModelTask> Visual() {
    return bench_.Load("clip", "visual", {{"model.onnx", testing::FindModel("concept-clip/visual.onnx")}});
  }
  std::unique_ptr<ModelTask> Textual() {
    return bench_.Load("clip", "textual",
                       {{"model.onnx", testing::FindModel("concept-clip/textual.onnx")},
                        {"vocab.json", testing::FindModel("clip-tokenizer/vocab.json")},
                        {"merges.txt", testing::FindModel("clip-tokenizer/merges.txt")}});
  }
  ModelBench bench_;
};

TEST_F(ConceptClip, WordsFindTheirPictures) {
  IMMICH_ML_NEEDS_MODEL(model, "concept-clip/visual.onnx");
  if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
  const auto visual = Visual();
  const auto textual = Textual();
  std::map<std::string, std::vector<float>> pictures;
  for (const char* folder : {"albums/text", "faces"}) {
    for (const auto& entry : std::filesystem::directory_iterator(testing::MediaFolder() / folder)) {
      const auto output = testing::RunModel(*visual, testing::PictureInput(entry.path()));
      pictures[entry.path().filename()] = EmbeddingOf(*output);
      EXPECT_EQ(pictures[entry.path().filename()].size(), 512u);
    }
  }
  // The bicycle of that picture stands outside of the centre that CLIP sees.
  for (const char* word : {"clock", " a  CLOCK! "}) {
    const auto wanted = EmbeddingOf(*testing::RunModel(*textual, testing::TextInput(word)));
    const auto best = std::max_element(pictures.begin(), pictures.end(), [&](const auto& a, const auto& b) {
      return testing::Cosine(a.second, wanted) < testing::Cosine(b.second, wanted);
    });
    EXPECT_EQ(best->first, "japanese-shop.jpg") << word;
    EXPECT_GT(testing::Cosine(best->second, wanted), 0.3);
  }
}

TEST_F(ConceptClip, SeesTheBicycleWhereItStands) {
  IMMICH_ML_NEEDS_MODEL(model, "concept-clip/visual.onnx");
  if (testing::MediaFolder().empty()) GTEST_SKIP() << "the pictures of ../shared/media are not there";
  const ModelInput input = testing::PictureInput(testing::MediaFolder() / "albums/text/japanese-shop.jpg");
  const auto whole = input.image->Decode(1000);
  RgbImage right = RgbImage::Make(whole->height, whole->height);
  for (int y = 0; y < right.height; ++y) {
    std::copy_n(whole->Row(y) + (whole->width - right.width) * 3, right.width * 3, right.Row(y));
  }
  const auto session = OnnxSessionFactory(SessionSettings{}).Open(model);
  Tensor tensor = Tensor::Make<float>({1, 3, 224, 224});
  FillClipPlanes(right, right.width, right.height, ReadClipPreprocessing("/nowhere", session->Inputs()[0]),
                 tensor.As<float>());
  const Tensor output = session->Run(std::span(&tensor, 1)).at(0);
  const auto textual = Textual();
  const auto wanted = EmbeddingOf(*testing::RunModel(*textual, testing::TextInput("a photo of a bicycle")));
  EXPECT_GT(testing::Cosine({output.As<float>().begin(), output.As<float>().end()}, wanted), 0.2);
}

TEST_F(ConceptClip, ABatchGivesWhatEachAloneGives) {
  IMMICH_ML_NEEDS_MODEL(model, "concept-clip/textual.onnx");
  const auto textual = Textual();
  EXPECT_GT(textual->max_rows(), 1u);
  std::vector<std::unique_ptr<Prepared>> prepared;
  std::vector<Prepared*> batch;
  const std::vector<std::string> words{
      "bicycle", "clock", "person", "",    "a very long text " + std::string(4000, 'x'),
      "cat",     "dog",   "bird",   "bus", "wine glass"};
  for (const auto& word : words) {
    prepared.push_back(textual->Prepare(testing::TextInput(word), {}, nullptr));
    batch.push_back(prepared.back().get());
  }
  textual->Infer(batch);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto together = EmbeddingOf(*textual->Finish(*prepared[i]));
    const auto alone = EmbeddingOf(*testing::RunModel(*textual, testing::TextInput(words[i])));
    ASSERT_EQ(together.size(), alone.size());
    for (std::size_t n = 0; n < alone.size(); ++n) EXPECT_NEAR(together[n], alone[n], 1e-5);
  }
}

/// A text tower that gives back its ids (and its mask): what the tokenizer hands over can be seen.
class EchoTower : public ::testing::Test {
 protected:
  void SetUp() override {
    IMMICH_ML_NEEDS_RUNTIME();
    folder_ = bench_.TypeFolder("clip", "textual", name_);
    std::filesystem::create_directories(folder_);
  }
  void Write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  void WriteGraph(std::int64_t length) {
    TestGraph graph;
    graph.Input({"input_ids", {-1, length}, 6}).Input({"attention_mask", {-1, length}, 6});
    graph.Output({"embedding", {-1, length}, 6}).Node("Mul", {"input_ids", "attention_mask"}, {"embedding"});
    graph.Save(folder_ / "model.onnx");
  }
  std::vector<float> Ids(const std::string& text, const std::string& options = "{}") {
    const auto model = bench_.Load("clip", "textual", {}, name_);
    return EmbeddingOf(*testing::RunModel(*model, testing::TextInput(text), options));
  }
  std::string name_ = "test";
  ModelBench bench_;
  std::filesystem::path folder_;
};

constexpr const char* kWords =
    R"({"added_tokens":[{"id":3,"content":"deu_Latn"},{"id":4,"content":"eng_Latn"}],
        "pre_tokenizer":{"type":"Whitespace"},
        "model":{"type":"WordLevel","unk_token":"[UNK]","vocab":{"[UNK]":1,"[PAD]":9,"a":5,"cat":6,"dog":7}}})";

TEST_F(EchoTower, FillsUpWithThePadTokenAndMasksIt) {
  WriteGraph(6);
  Write("tokenizer.json", kWords);
  Write("tokenizer_config.json", R"({"pad_token":{"content":"[PAD]"}})");
  // Padded ids are multiplied by a mask of 0.
  EXPECT_EQ(Ids("a cat"), (std::vector<float>{5, 6, 0, 0, 0, 0}));
  EXPECT_EQ(Ids("a cat dog a cat dog a cat"), (std::vector<float>{5, 6, 7, 5, 6, 7}));
}

TEST_F(EchoTower, TakesTheContextLengthFromTheConfiguration) {
  WriteGraph(-1);
  Write("tokenizer.json", kWords);
  Write("../config.json", R"({"text_cfg":{"context_length":4,"tokenizer_kwargs":{"clean":"canonicalize"}}})");
  EXPECT_EQ(Ids("A,  CAT!"), (std::vector<float>{5, 6, 0, 0}));
}

TEST_F(EchoTower, RefusesFilesItCannotUse) {
  WriteGraph(4);
  EXPECT_THROW(Ids("a"), ModelLoadError);
  Write("tokenizer.json", "{");
  EXPECT_THROW(Ids("a"), ModelLoadError);
  Write("tokenizer.json", kWords);
  Write("tokenizer_config.json", R"({"pad_token":"no such token"})");
  EXPECT_THROW(Ids("a"), ModelLoadError);
  Write("tokenizer_config.json", "{}");
  EXPECT_EQ(Ids("a").size(), 4u);
  EXPECT_THROW(Ids("a", R"({"language":5})"), BadRequest);
}

class NllbTower : public EchoTower {
 protected:
  NllbTower() { name_ = "nllb-clip-base-siglip__v1"; }
};

TEST_F(NllbTower, BeginsWithTheLanguage) {
  WriteGraph(4);
  Write("tokenizer.json", kWords);
  EXPECT_EQ(Ids("a cat", R"({"language":"de-AT"})"), (std::vector<float>{3, 5, 6, 0}));
  EXPECT_EQ(Ids("a cat", R"({"language":"tlh"})"), (std::vector<float>{4, 5, 6, 0}));
  EXPECT_EQ(Ids("a cat"), (std::vector<float>{5, 6, 0, 0}));
}

TEST(ClipVisual, RefusesGraphsOfOtherShapes) {
  IMMICH_ML_NEEDS_RUNTIME();
  ModelBench bench;
  const auto folder = bench.TypeFolder("clip", "visual");
  std::filesystem::create_directories(folder);
  TestGraph().Input({"x", {-1, 2}}).Output({"y", {-1, 2}}).Node("Neg", {"x"}, {"y"}).Save(folder / "model.onnx");
  EXPECT_THROW(bench.Load("clip", "visual", {}), ModelLoadError);
  std::ofstream(folder / "model.onnx") << "not a graph";
  EXPECT_THROW(bench.Load("clip", "visual", {}), ModelLoadError);
}

}  // namespace
}  // namespace immich::ml
