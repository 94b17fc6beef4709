#include "ml/text/token_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <limits>
#include <utility>

#include "ml/text/bpe_model.hpp"
#include "ml/text/json_access.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unigram_model.hpp"
#include "ml/text/wordpiece_model.hpp"

namespace immich::ml {
namespace {

/// `["a b", …]` or `[["a", "b"], …]`.
std::vector<std::pair<std::string, std::string>> ReadMerges(const boost::json::array& merges) {
  std::vector<std::pair<std::string, std::string>> out;
  out.reserve(merges.size());
  for (const auto& merge : merges) {
    if (const auto* pair = merge.if_array();
        pair != nullptr && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[1].is_string()) {
      out.emplace_back((*pair)[0].get_string(), (*pair)[1].get_string());
      continue;
    }
    const auto* line = merge.if_string();
    const std::size_t space = line == nullptr ? std::string::npos : line->find(' ');
    if (space == std::string::npos) throw TokenizerError("a merge is not two tokens");
    out.emplace_back(std::string(line->data(), space), std::string(line->data() + space + 1, line->size() - space - 1));
  }
  return out;
}

std::unique_ptr<TokenModel> MakeBpe(const boost::json::value& description) {
  BpeModel::Settings settings{.unknown_token = OptionalText(description, "unk_token"),
                              .continuing_prefix = OptionalText(description, "continuing_subword_prefix").value_or(""),
                              .word_suffix = OptionalText(description, "end_of_word_suffix").value_or(""),
                              .fuse_unknown = BoolMember(description, "fuse_unk", false),
                              .byte_fallback = BoolMember(description, "byte_fallback", false),
                              .ignore_merges = BoolMember(description, "ignore_merges", false)};
  TokenVocabulary vocabulary;
  ReadVocabulary(MemberOf(description, "vocab"), vocabulary);
  return std::make_unique<BpeModel>(std::move(settings), std::move(vocabulary),
                                    ReadMerges(ArrayMember(description, "merges")));
}

std::unique_ptr<TokenModel> MakeUnigram(const boost::json::value& description) {
  std::vector<std::pair<std::string, double>> tokens;
  for (const auto& row : ArrayMember(description, "vocab")) {
    const auto* pair = row.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_number()) {
      throw TokenizerError("a row of the vocabulary is not a token and a number");
    }
    tokens.emplace_back((*pair)[0].get_string(), (*pair)[1].to_number<double>());
  }
  std::optional<std::size_t> unknown;
  if (!MemberOf(description, "unk_id").is_null()) {
    unknown = static_cast<std::size_t>(IntMember(description, "unk_id", 0));
  }
  return std::make_unique<UnigramModel>(tokens, unknown, BoolMember(description, "byte_fallback", false));
}

std::unique_ptr<TokenModel> MakeWordModel(const boost::json::value& description, bool whole_words_only) {
  WordPieceModel::Settings settings;
  settings.unknown_token = OptionalText(description, "unk_token").value_or(whole_words_only ? "<unk>" : "[UNK]");
  settings.continuing_prefix = OptionalText(description, "continuing_subword_prefix").value_or("##");
  const auto limit = IntMember(description, "max_input_chars_per_word", 100);
  settings.max_characters = static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 0, 100'000));
  settings.whole_words_only = whole_words_only;
  TokenVocabulary vocabulary;
  ReadVocabulary(MemberOf(description, "vocab"), vocabulary);
  return std::make_unique<WordPieceModel>(std::move(settings), std::move(vocabulary));
}

/// Older files leave the type out.
std::string TypeOf(const boost::json::value& description) {
  if (auto type = OptionalText(description, "type")) return *type;
  if (MemberOf(description, "merges").is_array()) return "BPE";
  return MemberOf(description, "vocab").is_array() ? "Unigram" : "WordPiece";
}

}  // namespace

std::string ByteToken(std::uint8_t byte) {
  return fmt::format("<0x{:02X}>", byte);
}

void ReadVocabulary(const boost::json::value& tokens, TokenVocabulary& vocabulary) {
  const auto* object = tokens.if_object();
  if (object == nullptr) throw TokenizerError("the vocabulary is not an object");
  for (const auto& member : *object) {
    const auto* id = member.value().if_int64();
    if (id == nullptr || *id < 0 || *id > std::numeric_limits<std::int32_t>::max()) {
      throw TokenizerError("the id of \"" + std::string(member.key()) + "\" is not an id");
    }
    vocabulary.Add(member.key(), static_cast<std::int32_t>(*id));
  }
}

std::unique_ptr<TokenModel> MakeTokenModel(const boost::json::value& description) {
  const std::string type = TypeOf(description);
  if (type == "BPE") return MakeBpe(description);
  if (type == "Unigram") return MakeUnigram(description);
  if (type == "WordPiece") return MakeWordModel(description, false);
  if (type == "WordLevel") return MakeWordModel(description, true);
  throw TokenizerError("the model \"" + type + "\" is not known");
}

}  // namespace immich::ml
