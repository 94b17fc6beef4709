#include "ml/text/tokenizer.hpp"

#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "ml/text/tokenizer_error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

const std::filesystem::path kData = "ml/text/testdata";

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where vocab.json and merges.txt of CLIP are: the corpus beside the repository, or what `./dev setup` fetched.
std::filesystem::path ClipFolder() {
  for (const char* folder : {"../shared/models/clip-tokenizer", ".deps/ml-models/clip-tokenizer"}) {
    if (std::filesystem::exists(std::filesystem::path(folder) / "vocab.json")) return folder;
  }
  return {};
}

/// Texts and the ids another implementation gives them (testdata/make_ids.mjs).
class TokenizerParity : public ::testing::TestWithParam<const char*> {
 protected:
  static void Compare(const Tokenizer& tokenizer, const std::string& name) {
    const json::Document document = json::Document::Parse(ReadText(kData / "ids.json"));
    const auto& texts = document.root().at("texts").as_array();
    const auto& expected = document.root().at(name).as_array();
    ASSERT_GE(texts.size(), 200u);
    ASSERT_EQ(texts.size(), expected.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string text(texts[i].as_string());
      std::vector<std::int32_t> ids;
      for (const auto& id : expected[i].as_array()) ids.push_back(static_cast<std::int32_t>(id.as_int64()));
      EXPECT_EQ(tokenizer.Encode(text), ids) << name << ": \"" << text << '"';
    }
  }
};

TEST_P(TokenizerParity, GivesTheIdsOfAnotherImplementation) {
  const std::string name = GetParam();
  Compare(Tokenizer::FromJson(ReadText(kData / (name + ".tokenizer.json"))), name);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TokenizerParity,
                         ::testing::Values("unigram", "bytes", "metaspace", "wordpiece", "bytelevel"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(TokenizerParity, ReadsTheFilesOfClip) {
  if (ClipFolder().empty()) GTEST_SKIP() << "no vocab.json of CLIP: neither ../shared nor .deps/ml-models has it";
  const Tokenizer tokenizer = Tokenizer::FromFolder(ClipFolder());
  EXPECT_EQ(tokenizer.vocabulary_size(), 49408u);
  EXPECT_EQ(tokenizer.Encode("a photo of a cat"), (std::vector<std::int32_t>{49406, 320, 1125, 539, 320, 2368, 49407}));
  Compare(tokenizer, "clip");
}

Tokenizer WordPieceSample() {
  return Tokenizer::FromJson(ReadText(kData / "wordpiece.tokenizer.json"));
}

TEST(Tokenizer, KeepsTheSpecialTokensWhenItCuts) {
  const Tokenizer tokenizer = WordPieceSample();
  const auto whole = tokenizer.Encode("snow covered mountains and the sea");
  ASSERT_GT(whole.size(), 6u);
  const auto cut = tokenizer.Encode("snow covered mountains and the sea", 6);
  ASSERT_EQ(cut.size(), 6u);
  EXPECT_TRUE(std::equal(cut.begin(), cut.end() - 1, whole.begin()));
  EXPECT_EQ(cut.back(), whole.back());
  EXPECT_EQ(tokenizer.Encode("", 6).size(), 2u);
}

TEST(Tokenizer, FindsAddedTokensAndThoseOfTheModel) {
  const Tokenizer tokenizer = WordPieceSample();
  EXPECT_EQ(tokenizer.FindToken("[PAD]"), 0);
  EXPECT_TRUE(tokenizer.FindToken("##s").has_value());
  EXPECT_EQ(tokenizer.FindToken("no such token"), std::nullopt);
}

TEST(Tokenizer, ServesSeveralThreads) {
  const Tokenizer tokenizer = Tokenizer::FromJson(ReadText(kData / "bytelevel.tokenizer.json"));
  const std::string text = "mixed 日本語 English العربية हिन्दी 한국어 they'll've";
  const auto expected = tokenizer.Encode(text);
  std::vector<int> wrong(4, 0);
  {
    std::vector<std::jthread> threads;
    for (int& count : wrong) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) count += tokenizer.Encode(text) != expected;
      });
    }
  }
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Tokenizer, HandlesLongWordsInReasonableTime) {
  const std::string text(200'000, 'a');
  for (const char* name : {"bytes", "unigram", "metaspace", "bytelevel", "wordpiece"}) {
    const Tokenizer tokenizer = Tokenizer::FromJson(ReadText(kData / (std::string(name) + ".tokenizer.json")));
    EXPECT_FALSE(tokenizer.Encode(text, 77).empty()) << name;
  }
}

TEST(Tokenizer, TakesMalformedUtf8) {
  for (const char* name : {"bytes", "unigram", "metaspace", "bytelevel", "wordpiece"}) {
    const Tokenizer tokenizer = Tokenizer::FromJson(ReadText(kData / (std::string(name) + ".tokenizer.json")));
    EXPECT_FALSE(tokenizer.Encode("abc\xff\xfe\xe3\x81 \xf0\x9f").empty()) << name;
  }
}

TEST(Tokenizer, RefusesBrokenDescriptions) {
  const char* const kBroken[] = {
      "",
      "{",
      "[]",
      "{}",
      R"({"model":{"type":"Nonsense"}})",
      R"({"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}})",
      R"({"model":{"type":"BPE","vocab":{"a":1},"merges":["a b"]}})",
      R"({"model":{"type":"BPE","vocab":{"a":1},"merges":["ab"]}})",
      R"({"model":{"type":"Unigram","vocab":[["a",0.0]],"unk_id":5}})",
      R"({"model":{"type":"Unigram","vocab":[["a"]]}})",
      R"({"model":{"type":"WordPiece","vocab":{"a":1}}})",
      R"({"model":{"type":"BPE","vocab":{},"merges":[]},"normalizer":{"type":"Nonsense"}})",
      R"({"model":{"type":"BPE","vocab":{},"merges":[]},"normalizer":{"type":"Precompiled","precompiled_charsmap":"!"}})",
      R"({"model":{"type":"BPE","vocab":{},"merges":[]},"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"}})",
      R"({"model":{"type":"BPE","vocab":{},"merges":[]},"post_processor":{"type":"TemplateProcessing","single":[]}})",
      R"({"model":{"type":"BPE","vocab":{},"merges":[]},"added_tokens":[{"content":"x"}]})",
  };
  for (const char* text : kBroken) EXPECT_THROW(Tokenizer::FromJson(text), TokenizerError) << text;
  EXPECT_THROW(Tokenizer::FromFolder("/nowhere"), TokenizerError);
}

}  // namespace
}  // namespace immich::ml
