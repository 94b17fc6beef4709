#include "ml/text/wordpiece_model.hpp"

#include <utility>

#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {

WordPieceModel::WordPieceModel(Settings settings, TokenVocabulary vocabulary)
    : settings_(std::move(settings)), vocabulary_(std::move(vocabulary)) {
  const auto unknown = vocabulary_.Find(settings_.unknown_token);
  if (!unknown) throw TokenizerError("the unknown token \"" + settings_.unknown_token + "\" is not in the vocabulary");
  unknown_ = *unknown;
}

bool WordPieceModel::Cut(std::string_view word, std::vector<std::int32_t>& ids) const {
  std::string candidate;
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t end = word.size();
    std::optional<std::int32_t> found;
    while (end > begin) {
      candidate = begin > 0 ? settings_.continuing_prefix : std::string();
      candidate += word.substr(begin, end - begin);
      found = vocabulary_.Find(candidate);
      if (found) break;
      // To the beginning of the last character.
      do {
        --end;
      } while (end > begin && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80);
    }
    if (!found) return false;
    ids.push_back(*found);
    begin = end;
  }
  return true;
}

void WordPieceModel::Encode(std::string_view piece, std::vector<std::int32_t>& ids) const {
  if (piece.empty()) return;
  if (settings_.whole_words_only) {
    ids.push_back(vocabulary_.Find(piece).value_or(unknown_));
    return;
  }
  std::vector<std::int32_t> parts;
  const bool short_enough =
      piece.size() <= settings_.max_characters * 4 && ToCodePoints(piece).size() <= settings_.max_characters;
  if (short_enough && Cut(piece, parts)) {
    ids.insert(ids.end(), parts.begin(), parts.end());
  } else {
    ids.push_back(unknown_);
  }
}

}  // namespace immich::ml
