#include "ml/text/text_normalizer.hpp"

#include <boost/json/value.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "ml/text/byte_alphabet.hpp"
#include "ml/text/json_access.hpp"
#include "ml/text/precompiled_charsmap.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"
#include "platform/crypto/text_encoding.hpp"

namespace immich::ml {
namespace {

using Rewrite = std::function<std::string(std::string_view)>;

class RewriteStep final : public TextNormalizer {
 public:
  explicit RewriteStep(Rewrite rewrite) : rewrite_(std::move(rewrite)) {}
  std::string Apply(std::string_view text) const override { return rewrite_(text); }

 private:
  Rewrite rewrite_;
};

class NormalizerSequence final : public TextNormalizer {
 public:
  explicit NormalizerSequence(std::vector<std::unique_ptr<TextNormalizer>> steps) : steps_(std::move(steps)) {}
  std::string Apply(std::string_view text) const override {
    std::string out(text);
    for (const auto& step : steps_) out = step->Apply(out);
    return out;
  }

 private:
  std::vector<std::unique_ptr<TextNormalizer>> steps_;
};

/// Keeps the code points for which `keep` is true.
template <class Keep>
std::string Filter(std::string_view text, Keep keep) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t code_point = NextCodePoint(text, offset);
    if (keep(code_point)) AppendUtf8(out, code_point);
  }
  return out;
}

std::string ReplaceAll(const TextPattern& pattern, std::string_view content, std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (const TextRange& match : pattern.FindAll(text)) {
    out += text.substr(done, match.begin - done);
    out += content;
    done = match.end;
  }
  out += text.substr(done);
  return out;
}

bool IsTextBlank(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r';
}

/// Without control characters, every white space a plain one.
std::string CleanForBert(std::string_view text) {
  std::string out;
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t c = NextCodePoint(text, offset);
    if (c == 0 || c == 0xFFFD || (!IsTextBlank(c) && IsOther(c))) continue;
    AppendUtf8(out, IsTextBlank(c) || IsWhiteSpace(c) ? U' ' : c);
  }
  return out;
}

std::string SpaceIdeographs(std::string_view text) {
  std::string out;
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t c = NextCodePoint(text, offset);
    const bool apart = IsBertIdeograph(c);
    if (apart) out.push_back(' ');
    AppendUtf8(out, c);
    if (apart) out.push_back(' ');
  }
  return out;
}

Rewrite MakeBert(const boost::json::value& description) {
  const bool clean = BoolMember(description, "clean_text", true);
  const bool ideographs = BoolMember(description, "handle_chinese_chars", true);
  const bool lowercase = BoolMember(description, "lowercase", true);
  const bool strip = OptionalBool(description, "strip_accents").value_or(lowercase);
  return [=](std::string_view text) {
    std::string out(text);
    if (clean) out = CleanForBert(out);
    if (ideographs) out = SpaceIdeographs(out);
    if (strip) out = Filter(ToNormalForm(out, NormalForm::kNfd), [](char32_t c) { return !IsNonSpacingMark(c); });
    return lowercase ? ToLowercase(out) : out;
  };
}

/// The clean-up of neural machine translation corpora: control characters go, unusual white space becomes a space.
std::string CleanForTranslation(std::string_view text) {
  std::string out;
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t c = NextCodePoint(text, offset);
    const bool dropped =
        (c >= 1 && c <= 8) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
    if (dropped) continue;
    const bool blank = IsTextBlank(c) || c == 0x0C || c == 0x1680 || (c >= 0x200B && c <= 0x200F) || c == 0x2028 ||
                       c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
    AppendUtf8(out, blank ? U' ' : c);
  }
  return out;
}

Rewrite MakeCharsmap(const boost::json::value& description) {
  const auto encoded = OptionalText(description, "precompiled_charsmap");
  if (!encoded || encoded->empty()) return [](std::string_view text) { return std::string(text); };
  const auto blob = crypto::FromBase64(*encoded);
  if (!blob) throw TokenizerError("the character map is not base64");
  const std::string_view bytes(reinterpret_cast<const char*>(blob->data()), blob->size());
  return [map = std::make_shared<const PrecompiledCharsmap>(bytes)](std::string_view text) { return map->Apply(text); };
}

Rewrite MakeReplace(const boost::json::value& description) {
  return [pattern = PatternMember(description, "pattern"), content = TextMember(description, "content")](
             std::string_view text) { return ReplaceAll(pattern, content, text); };
}

Rewrite MakePrepend(const boost::json::value& description) {
  return [prefix = TextMember(description, "prepend")](std::string_view text) {
    return text.empty() ? std::string() : prefix + std::string(text);
  };
}

Rewrite MakeStrip(const boost::json::value& description) {
  const bool left = BoolMember(description, "strip_left", true);
  const bool right = BoolMember(description, "strip_right", true);
  return [=](std::string_view text) { return std::string(TrimWhiteSpace(text, left, right)); };
}

Rewrite MakeForm(NormalForm form) {
  return [form](std::string_view text) { return ToNormalForm(text, form); };
}

Rewrite MakeRewrite(std::string_view type, const boost::json::value& description) {
  if (type == "NFC") return MakeForm(NormalForm::kNfc);
  if (type == "NFD") return MakeForm(NormalForm::kNfd);
  if (type == "NFKC") return MakeForm(NormalForm::kNfkc);
  if (type == "NFKD") return MakeForm(NormalForm::kNfkd);
  if (type == "Lowercase") return ToLowercase;
  if (type == "StripAccents") {
    return [](std::string_view text) { return Filter(text, [](char32_t c) { return !IsMark(c); }); };
  }
  if (type == "Nmt") return CleanForTranslation;
  if (type == "ByteLevel") return ToByteCharacters;
  if (type == "Precompiled") return MakeCharsmap(description);
  if (type == "BertNormalizer") return MakeBert(description);
  if (type == "Replace") return MakeReplace(description);
  if (type == "Prepend") return MakePrepend(description);
  if (type == "Strip") return MakeStrip(description);
  throw TokenizerError("the normalizer \"" + std::string(type) + "\" is not known");
}

}  // namespace

std::unique_ptr<TextNormalizer> MakeNormalizer(const boost::json::value& description) {
  if (description.is_null()) return nullptr;
  const std::string type = TextMember(description, "type");
  if (type != "Sequence") return std::make_unique<RewriteStep>(MakeRewrite(type, description));
  std::vector<std::unique_ptr<TextNormalizer>> steps;
  for (const auto& step : ArrayMember(description, "normalizers")) {
    if (auto made = MakeNormalizer(step)) steps.push_back(std::move(made));
  }
  return std::make_unique<NormalizerSequence>(std::move(steps));
}

}  // namespace immich::ml
