#include "ml/text/unigram_model.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

/// How much worse than the worst token an unknown character is (SentencePiece).
constexpr double kUnknownPenalty = 10;

}  // namespace

UnigramModel::UnigramModel(const std::vector<std::pair<std::string, double>>& tokens,
                           std::optional<std::size_t> unknown, bool byte_fallback)
    : byte_fallback_(byte_fallback) {
  if (unknown && *unknown >= tokens.size()) throw TokenizerError("the unknown token is outside the vocabulary");
  double worst = std::numeric_limits<double>::infinity();
  scores_.reserve(tokens.size());
  for (const auto& [text, score] : tokens) {
    if (vocabulary_.Find(text)) throw TokenizerError("the token \"" + text + "\" is there twice");
    vocabulary_.Add(text, static_cast<std::int32_t>(scores_.size()));
    scores_.push_back(score);
    worst = std::min(worst, score);
  }
  if (unknown) unknown_ = static_cast<std::int32_t>(*unknown);
  unknown_score_ = worst - kUnknownPenalty;
  sorted_.resize(tokens.size());
  std::iota(sorted_.begin(), sorted_.end(), 0);
  std::sort(sorted_.begin(), sorted_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return vocabulary_.token(a) < vocabulary_.token(b); });
}

template <class Found>
void UnigramModel::ForEachPrefix(std::string_view text, Found found) const {
  auto first = sorted_.begin();
  auto last = sorted_.end();
  // The empty token, if there is one, begins every text.
  while (first != last && vocabulary_.token(*first).empty()) ++first;
  for (std::size_t i = 0; i < text.size() && first != last; ++i) {
    const auto wanted = static_cast<unsigned char>(text[i]);
    // Every token of the range is longer than i.
    const auto byte_of = [&](std::uint32_t id) { return static_cast<unsigned char>(vocabulary_.token(id)[i]); };
    first = std::lower_bound(first, last, wanted, [&](std::uint32_t id, unsigned char c) { return byte_of(id) < c; });
    last = std::upper_bound(first, last, wanted, [&](unsigned char c, std::uint32_t id) { return c < byte_of(id); });
    if (first != last && vocabulary_.token(*first).size() == i + 1) {
      found(i + 1, static_cast<std::int32_t>(*first));
      ++first;
    }
  }
}

std::vector<UnigramModel::Node> UnigramModel::BestPaths(std::string_view piece) const {
  std::vector<Node> best(piece.size() + 1);
  const auto offer = [&](std::size_t begin, std::size_t end, double score, std::int32_t id) {
    const double total = best[begin].score + score;
    Node& node = best[end];
    if (node.begin == kUnreached || total > node.score) node = {total, begin, id};
  };
  for (std::size_t begin = 0; begin < piece.size();) {
    std::size_t after_character = begin;
    NextCodePoint(piece, after_character);
    bool has_character = false;
    ForEachPrefix(piece.substr(begin), [&](std::size_t length, std::int32_t id) {
      offer(begin, begin + length, scores_[static_cast<std::size_t>(id)], id);
      has_character = has_character || begin + length == after_character;
    });
    if (!has_character) offer(begin, after_character, unknown_score_, kUnknownId);
    begin = after_character;
  }
  return best;
}

void UnigramModel::AppendUnknown(std::string_view part, std::vector<std::int32_t>& ids) const {
  if (byte_fallback_) {
    std::vector<std::int32_t> bytes;
    for (const char c : part) {
      if (const auto id = vocabulary_.Find(ByteToken(static_cast<std::uint8_t>(c)))) bytes.push_back(*id);
    }
    if (bytes.size() == part.size()) {
      ids.insert(ids.end(), bytes.begin(), bytes.end());
      return;
    }
  }
  if (unknown_) ids.push_back(*unknown_);
}

void UnigramModel::Encode(std::string_view piece, std::vector<std::int32_t>& ids) const {
  if (piece.empty()) return;
  const std::vector<Node> best = BestPaths(piece);
  std::vector<std::pair<std::size_t, std::size_t>> cuts;
  for (std::size_t end = piece.size(); end > 0; end = best[end].begin) cuts.emplace_back(best[end].begin, end);
  std::reverse(cuts.begin(), cuts.end());
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    auto [begin, end] = cuts[i];
    const auto is_unknown = [&](std::size_t at) {
      const std::int32_t id = best[at].id;
      return id == kUnknownId || (unknown_ && id == *unknown_);
    };
    if (!is_unknown(end)) {
      ids.push_back(best[end].id);
      continue;
    }
    // Unknown characters in a row are one unknown token.
    for (; i + 1 < cuts.size() && is_unknown(cuts[i + 1].second); ++i) end = cuts[i + 1].second;
    AppendUnknown(piece.substr(begin, end - begin), ids);
  }
}

}  // namespace immich::ml
