#include "ml/text/pre_tokenizer.hpp"

#include <boost/json/value.hpp>
#include <functional>
#include <string_view>
#include <utility>

#include "ml/text/byte_alphabet.hpp"
#include "ml/text/json_access.hpp"
#include "ml/text/piece_splitter.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

using Parts = std::vector<TextRange>;
using Splitter = std::function<Parts(std::string_view)>;

void AppendParts(std::vector<TextPiece>& out, const TextPiece& piece, const Parts& parts) {
  for (const TextRange& part : parts) {
    out.push_back({piece.text.substr(part.begin, part.end - part.begin), piece.at_start && part.begin == 0});
  }
}

class SplitStep final : public PreTokenizer {
 public:
  explicit SplitStep(Splitter splitter) : splitter_(std::move(splitter)) {}
  std::vector<TextPiece> Split(std::vector<TextPiece> pieces) const override {
    std::vector<TextPiece> out;
    for (const TextPiece& piece : pieces) AppendParts(out, piece, splitter_(piece.text));
    return out;
  }

 private:
  Splitter splitter_;
};

class PreTokenizerSequence final : public PreTokenizer {
 public:
  explicit PreTokenizerSequence(std::vector<std::unique_ptr<PreTokenizer>> steps) : steps_(std::move(steps)) {}
  std::vector<TextPiece> Split(std::vector<TextPiece> pieces) const override {
    for (const auto& step : steps_) pieces = step->Split(std::move(pieces));
    return pieces;
  }

 private:
  std::vector<std::unique_ptr<PreTokenizer>> steps_;
};

/// Splits like GPT-2 and writes bytes as characters.
class ByteLevelStep final : public PreTokenizer {
 public:
  explicit ByteLevelStep(const boost::json::value& description)
      : add_prefix_space_(BoolMember(description, "add_prefix_space", true)) {
    if (BoolMember(description, "use_regex", true)) {
      words_ = TextPattern::Regex(R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)");
    }
  }
  std::vector<TextPiece> Split(std::vector<TextPiece> pieces) const override {
    std::vector<TextPiece> out;
    for (TextPiece& piece : pieces) {
      if (add_prefix_space_ && !piece.text.starts_with(' ')) piece.text.insert(0, 1, ' ');
      if (words_) {
        AppendParts(out, piece, SplitAt(piece.text.size(), words_->FindAll(piece.text), DelimiterRule::kIsolated));
      } else {
        out.push_back(std::move(piece));
      }
    }
    for (TextPiece& piece : out) piece.text = ToByteCharacters(piece.text);
    return out;
  }

 private:
  bool add_prefix_space_;
  std::optional<TextPattern> words_;
};

/// Spaces become a visible character, which begins the words.
class MetaspaceStep final : public PreTokenizer {
 public:
  explicit MetaspaceStep(const boost::json::value& description)
      : replacement_(OptionalText(description, "replacement").value_or("\u2581")),
        scheme_(OptionalText(description, "prepend_scheme").value_or("always")),
        split_(BoolMember(description, "split", true)) {
    if (!BoolMember(description, "add_prefix_space", true)) scheme_ = "never";
    if (scheme_ != "always" && scheme_ != "first" && scheme_ != "never") {
      throw TokenizerError("the prepend scheme \"" + scheme_ + "\" is not known");
    }
    if (replacement_.empty()) throw TokenizerError("the Metaspace replacement is empty");
  }
  std::vector<TextPiece> Split(std::vector<TextPiece> pieces) const override {
    const TextPattern marker = TextPattern::Literal(replacement_);
    std::vector<TextPiece> out;
    for (const TextPiece& piece : pieces) {
      const TextPiece marked{WithMarkers(piece), piece.at_start};
      if (split_) {
        const std::size_t length = marked.text.size();
        AppendParts(out, marked, SplitAt(length, marker.FindAll(marked.text), DelimiterRule::kMergedWithNext));
      } else {
        out.push_back(marked);
      }
    }
    return out;
  }

 private:
  std::string WithMarkers(const TextPiece& piece) const {
    std::string text;
    for (const char c : piece.text) c == ' ' ? text.append(replacement_) : text.append(1, c);
    const bool wanted = scheme_ == "always" || (scheme_ == "first" && piece.at_start);
    return wanted && !text.starts_with(replacement_) ? replacement_ + text : text;
  }

  std::string replacement_;
  std::string scheme_;
  bool split_;
};

/// The characters for which `is_delimiter` is true, each a range.
template <class Test>
Parts CharactersWhere(std::string_view text, Test is_delimiter) {
  Parts found;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t begin = offset;
    if (is_delimiter(NextCodePoint(text, offset))) found.push_back({begin, offset});
  }
  return found;
}

template <class Test>
Splitter SplitCharacters(Test is_delimiter, DelimiterRule rule) {
  return [=](std::string_view text) { return SplitAt(text.size(), CharactersWhere(text, is_delimiter), rule); };
}

/// White space goes, every punctuation character stands alone.
Parts SplitForBert(std::string_view text) {
  Parts out;
  for (const TextRange& word : SplitAt(text.size(), CharactersWhere(text, IsWhiteSpace), DelimiterRule::kRemoved)) {
    const std::string_view inner = text.substr(word.begin, word.end - word.begin);
    for (const TextRange& part :
         SplitAt(inner.size(), CharactersWhere(inner, IsPunctuation), DelimiterRule::kIsolated)) {
      out.push_back({word.begin + part.begin, word.begin + part.end});
    }
  }
  return out;
}

Splitter MakePatternSplit(const boost::json::value& description) {
  return [pattern = PatternMember(description, "pattern"), invert = BoolMember(description, "invert", false),
          rule = DelimiterRuleOf(TextMember(description, "behavior"))](std::string_view text) {
    return SplitAt(text.size(), pattern.FindAll(text), rule, invert);
  };
}

Splitter MakeCharacterSplit(const boost::json::value& description) {
  const std::u32string delimiter = ToCodePoints(TextMember(description, "delimiter"));
  if (delimiter.size() != 1) throw TokenizerError("the delimiter is not one character");
  return SplitCharacters([c = delimiter[0]](char32_t other) { return c == other; }, DelimiterRule::kRemoved);
}

Splitter MakeSplitter(std::string_view type, const boost::json::value& description) {
  if (type == "Split") return MakePatternSplit(description);
  if (type == "BertPreTokenizer") return SplitForBert;
  if (type == "WhitespaceSplit") return SplitCharacters(IsWhiteSpace, DelimiterRule::kRemoved);
  if (type == "CharDelimiterSplit") return MakeCharacterSplit(description);
  if (type == "Whitespace") {
    return [words = TextPattern::Regex(R"(\w+|[^\w\s]+)")](std::string_view text) { return words.FindAll(text); };
  }
  if (type == "Punctuation") {
    return SplitCharacters(IsPunctuation, DelimiterRuleOf(OptionalText(description, "behavior").value_or("Isolated")));
  }
  if (type == "Digits") {
    const bool each = BoolMember(description, "individual_digits", false);
    return SplitCharacters(IsNumeric, each ? DelimiterRule::kIsolated : DelimiterRule::kContiguous);
  }
  throw TokenizerError("the pre-tokenizer \"" + std::string(type) + "\" is not known");
}

}  // namespace

std::unique_ptr<PreTokenizer> MakePreTokenizer(const boost::json::value& description) {
  if (description.is_null()) return nullptr;
  const std::string type = TextMember(description, "type");
  if (type == "ByteLevel") return std::make_unique<ByteLevelStep>(description);
  if (type == "Metaspace") return std::make_unique<MetaspaceStep>(description);
  if (type != "Sequence") return std::make_unique<SplitStep>(MakeSplitter(type, description));
  std::vector<std::unique_ptr<PreTokenizer>> steps;
  for (const auto& step : ArrayMember(description, "pretokenizers")) {
    if (auto made = MakePreTokenizer(step)) steps.push_back(std::move(made));
  }
  return std::make_unique<PreTokenizerSequence>(std::move(steps));
}

}  // namespace immich::ml
