#include "ml/models/clip/clip_textual.hpp"

#include <algorithm>
#include <boost/json/object.hpp>

#include "ml/models/clip/clip_embedding.hpp"
#include "ml/models/clip/flores_language.hpp"
#include "ml/models/model_config.hpp"
#include "ml/text/tokenizer.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

constexpr std::size_t kDefaultBatch = 8;
constexpr std::int64_t kDefaultContext = 77;

/// What a tower needs to know beside its graph.
struct TextSettings {
  std::int64_t context_length = kDefaultContext;
  bool canonicalize = false;
  bool wants_language = false;
  std::int32_t pad = 0;
};

Tokenizer LoadTokenizer(const ModelFolder& folder) {
  try {
    return Tokenizer::FromFolder(folder.type);
  } catch (const TokenizerError& error) {
    throw ModelLoadError(error.what());
  }
}

/// The token that fills short texts: a text or an object with its content in tokenizer_config.json.
std::int32_t FindPad(const ModelFolder& folder, const Tokenizer& tokenizer) {
  const boost::json::value config = ReadModelConfig(folder.type / "tokenizer_config.json");
  const boost::json::value& named = FindMember(config, {"pad_token"});
  const boost::json::value& token = named.is_object() ? FindMember(named, {"content"}) : named;
  const auto* text = token.if_string();
  // OpenAI's CLIP fills with zeros.
  if (text == nullptr) return 0;
  const auto id = tokenizer.FindToken(*text);
  if (!id) throw ModelLoadError("the pad token \"" + std::string(*text) + "\" is not in the vocabulary");
  return *id;
}

TextSettings ReadTextSettings(const ModelFolder& folder, const Tokenizer& tokenizer, const TensorInfo& input) {
  const boost::json::value config = ReadModelConfig(folder.root / "config.json");
  TextSettings settings;
  const auto* length = FindMember(config, {"text_cfg", "context_length"}).if_int64();
  if (length != nullptr) settings.context_length = *length;
  // The graph knows best.
  if (input.shape.back() > 0) settings.context_length = input.shape.back();
  constexpr std::int64_t kMaxContext = 65536;
  if (settings.context_length < 2 || settings.context_length > kMaxContext) {
    throw ModelLoadError("the context length is out of range");
  }
  const auto* clean = FindMember(config, {"text_cfg", "tokenizer_kwargs", "clean"}).if_string();
  settings.canonicalize = clean != nullptr && *clean == "canonicalize";
  settings.wants_language = folder.model_name.starts_with("nllb");
  settings.pad = FindPad(folder, tokenizer);
  return settings;
}

std::optional<std::string> LanguageOption(const boost::json::object& options) {
  const auto* language = options.if_contains("language");
  if (language == nullptr || language->is_null()) return std::nullopt;
  if (!language->is_string()) throw BadRequest("The option language is not a text");
  return std::string(language->get_string());
}

class ClipTextual final : public ModelTask {
 public:
  ClipTextual(const ModelFolder& folder, std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)), output_(FindEmbeddingOutput(*session_)), tokenizer_(LoadTokenizer(folder)) {
    for (const TensorInfo& input : session_->Inputs()) CheckShape(input, {-1, -1}, "a batch of token ids");
    if (session_->Inputs().size() > 2) throw ModelLoadError("the text tower has more inputs than ids and mask");
    settings_ = ReadTextSettings(folder, tokenizer_, session_->Inputs().front());
    max_rows_ = BatchRows(*session_, folder, kDefaultBatch);
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                    const ModelOutput*) const override {
    std::string text = CleanClipText(input.text, settings_.canonicalize);
    const auto language = LanguageOption(options);
    if (settings_.wants_language && language) text.insert(0, FloresLanguage(*language));
    std::vector<std::int32_t> ids;
    try {
      ids = tokenizer_.Encode(text, static_cast<std::size_t>(settings_.context_length));
    } catch (const TokenizerError& error) {
      throw BadRequest(std::string("The text cannot be used: ") + error.what());
    }
    auto prepared = std::make_unique<PreparedClip>();
    for (const TensorInfo& port : session_->Inputs()) prepared->inputs.push_back(MakeRow(ids, IsMask(port)));
    return prepared;
  }
  std::size_t max_rows() const override { return max_rows_; }
  void Infer(std::span<Prepared* const> batch) const override { InferEmbeddings(*session_, output_, max_rows_, batch); }
  std::unique_ptr<ModelOutput> Finish(Prepared& prepared) const override {
    return std::make_unique<ClipOutput>(std::move(static_cast<PreparedClip&>(prepared).embedding));
  }

 private:
  static bool IsMask(const TensorInfo& port) { return port.name.find("mask") != std::string::npos; }

  /// The ids and pads, or 1 for ids and 0 for pads.
  Tensor MakeRow(const std::vector<std::int32_t>& ids, bool mask) const {
    Tensor row = Tensor::Make<std::int32_t>({1, settings_.context_length});
    const auto values = row.As<std::int32_t>();
    std::fill(values.begin(), values.end(), mask ? 0 : settings_.pad);
    for (std::size_t i = 0; i < ids.size(); ++i) values[i] = mask ? 1 : ids[i];
    return row;
  }

  std::shared_ptr<InferenceSession> session_;
  std::size_t output_;
  Tokenizer tokenizer_;
  TextSettings settings_;
  std::size_t max_rows_ = 1;
};

}  // namespace

std::string CleanClipText(std::string_view text, bool canonicalize) {
  std::string out;
  bool space = false;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t begin = offset;
    const char32_t c = NextCodePoint(text, offset);
    // The separators of ASCII count as white space, too.
    if (IsWhiteSpace(c) || (c >= 0x1C && c <= 0x1F)) {
      space = true;
      continue;
    }
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    if (!canonicalize || c >= 0x80 || !IsPunctuation(c)) out += text.substr(begin, offset - begin);
  }
  return canonicalize ? ToLowercase(out) : out;
}

std::unique_ptr<ModelTask> MakeClipTextual(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<ClipTextual>(folder, std::move(session));
}

}  // namespace immich::ml
