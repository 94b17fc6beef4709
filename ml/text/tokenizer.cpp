#include "ml/text/tokenizer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "ml/text/bpe_model.hpp"
#include "ml/text/json_access.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {
namespace {

/// The largest published tokenizer.json has 40 MB.
constexpr std::uintmax_t kMaxFileBytes = 256 * 1024 * 1024;

json::Document ParseFile(std::string_view text) {
  try {
    return json::Document::Parse(text);
  } catch (const BadRequest& error) {
    throw TokenizerError(std::string("the tokenizer is not JSON: ") + error.what());
  }
}

std::string ReadWhole(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kMaxFileBytes || error) {
    throw TokenizerError(path.filename().string() + " cannot be read");
  }
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Lines of merges.txt; the first may be a comment with the version.
std::vector<std::pair<std::string, std::string>> ReadMergeLines(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> merges;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (merges.empty() && line.starts_with("#version"))) continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) throw TokenizerError("a line of merges.txt is not two tokens");
    merges.emplace_back(line.substr(0, space), line.substr(space + 1));
  }
  return merges;
}

/// What the tokenizer.json of CLIP says around its vocabulary.
constexpr std::string_view kClipNormalizer =
    R"({"type":"Sequence","normalizers":[{"type":"NFC"},
        {"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]})";
constexpr std::string_view kClipPreTokenizer =
    R"({"type":"Sequence","pretokenizers":[{"type":"Split","behavior":"Removed","invert":true,"pattern":{"Regex":
        "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"}},
        {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}]})";
constexpr const char* kClipStart = "<|startoftext|>";
constexpr const char* kClipEnd = "<|endoftext|>";

}  // namespace

Tokenizer Tokenizer::FromJson(std::string_view json) {
  const json::Document document = ParseFile(json);
  const boost::json::value& root = document.root();
  Tokenizer tokenizer;
  tokenizer.normalizer_ = MakeNormalizer(MemberOf(root, "normalizer"));
  tokenizer.pre_tokenizer_ = MakePreTokenizer(MemberOf(root, "pre_tokenizer"));
  tokenizer.model_ = MakeTokenModel(MemberOf(root, "model"));
  tokenizer.added_ = AddedTokens(MemberOf(root, "added_tokens"), tokenizer.normalizer_.get());
  tokenizer.frame_ = ReadSpecialFrame(MemberOf(root, "post_processor"),
                                      [&](std::string_view token) { return tokenizer.FindToken(token); });
  return tokenizer;
}

Tokenizer Tokenizer::FromClipFiles(std::string_view vocabulary_json, std::string_view merges) {
  TokenVocabulary vocabulary;
  ReadVocabulary(ParseFile(vocabulary_json).root(), vocabulary);
  Tokenizer tokenizer;
  tokenizer.normalizer_ = MakeNormalizer(boost::json::parse(kClipNormalizer));
  tokenizer.pre_tokenizer_ = MakePreTokenizer(boost::json::parse(kClipPreTokenizer));
  BpeModel::Settings settings;
  settings.unknown_token = kClipEnd;
  settings.word_suffix = "</w>";
  tokenizer.model_ = std::make_unique<BpeModel>(std::move(settings), std::move(vocabulary), ReadMergeLines(merges));
  for (const char* name : {kClipStart, kClipEnd}) {
    const auto id = tokenizer.model_->FindToken(name);
    if (!id) throw TokenizerError(std::string("the vocabulary has no ") + name);
    tokenizer.added_.Add({.content = name, .id = *id});
    (name == kClipStart ? tokenizer.frame_.before : tokenizer.frame_.after).push_back(*id);
  }
  return tokenizer;
}

Tokenizer Tokenizer::FromFolder(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / "tokenizer.json")) return FromJson(ReadWhole(folder / "tokenizer.json"));
  return FromClipFiles(ReadWhole(folder / "vocab.json"), ReadWhole(folder / "merges.txt"));
}

std::optional<std::int32_t> Tokenizer::FindToken(std::string_view token) const {
  if (const auto added = added_.Find(token)) return added;
  return model_->FindToken(token);
}

void Tokenizer::EncodePlain(std::string_view text, bool at_start, std::vector<std::int32_t>& ids) const {
  std::vector<TextPiece> pieces{{std::string(text), at_start}};
  if (pre_tokenizer_) pieces = pre_tokenizer_->Split(std::move(pieces));
  for (const TextPiece& piece : pieces) model_->Encode(piece.text, ids);
}

bool Tokenizer::KeepsFirst(std::string_view text) const {
  std::size_t length = 0;
  NextCodePoint(text, length);
  return !normalizer_ || !normalizer_->Apply(text.substr(0, length)).empty();
}

std::vector<std::int32_t> Tokenizer::Encode(std::string_view text, std::size_t max_length) const {
  std::vector<std::int32_t> ids = frame_.before;
  for (const AddedTokens::Part& part : added_.SplitRaw(text)) {
    if (part.id) {
      ids.push_back(*part.id);
      continue;
    }
    const bool part_at_start = part.text.data() == text.data() && KeepsFirst(part.text);
    const std::string normalized = normalizer_ ? normalizer_->Apply(part.text) : std::string(part.text);
    for (const AddedTokens::Part& inner : added_.SplitNormalized(normalized)) {
      if (inner.id) {
        ids.push_back(*inner.id);
      } else {
        EncodePlain(inner.text, part_at_start && inner.text.data() == normalized.data(), ids);
      }
    }
  }
  const std::size_t room = max_length > frame_.size() ? max_length - frame_.after.size() : frame_.before.size();
  if (max_length > 0 && ids.size() > room) ids.resize(room);
  ids.insert(ids.end(), frame_.after.begin(), frame_.after.end());
  return ids;
}

}  // namespace immich::ml
