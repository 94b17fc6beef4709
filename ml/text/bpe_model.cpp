#include "ml/text/bpe_model.hpp"

#include <algorithm>
#include <queue>

#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

std::uint64_t PairKey(std::int32_t left, std::int32_t right) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) | static_cast<std::uint32_t>(right);
}

/// A possible merge of the symbol at `position` with its right neighbour.
struct Candidate {
  std::uint32_t rank;
  std::size_t position;
  std::uint64_t pair;
  std::int32_t result;
  /// The best one is the top of a heap: lowest rank, then leftmost.
  bool operator<(const Candidate& other) const {
    return rank != other.rank ? rank > other.rank : position > other.position;
  }
};

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

}  // namespace

BpeModel::BpeModel(Settings settings, TokenVocabulary vocabulary,
                   const std::vector<std::pair<std::string, std::string>>& merges)
    : settings_(std::move(settings)), vocabulary_(std::move(vocabulary)) {
  if (settings_.unknown_token) unknown_ = vocabulary_.Find(*settings_.unknown_token);
  merges_.reserve(merges.size());
  for (std::uint32_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const auto left_id = vocabulary_.Find(left);
    const auto right_id = vocabulary_.Find(right);
    std::string_view rest = right;
    if (rest.starts_with(settings_.continuing_prefix)) rest.remove_prefix(settings_.continuing_prefix.size());
    const auto result = vocabulary_.Find(left + std::string(rest));
    if (!left_id || !right_id || !result) {
      throw TokenizerError("the merge of \"" + left + "\" and \"" + right + "\" names what is no token");
    }
    merges_.push_back({PairKey(*left_id, *right_id), rank, *result});
  }
  // Of equal pairs the last one counts.
  std::sort(merges_.begin(), merges_.end(),
            [](const Merge& a, const Merge& b) { return a.pair != b.pair ? a.pair < b.pair : a.rank > b.rank; });
  const auto same_pair = [](const Merge& a, const Merge& b) { return a.pair == b.pair; };
  merges_.erase(std::unique(merges_.begin(), merges_.end(), same_pair), merges_.end());
}

const BpeModel::Merge* BpeModel::FindMerge(std::int32_t left, std::int32_t right) const {
  const std::uint64_t key = PairKey(left, right);
  const auto found = std::lower_bound(merges_.begin(), merges_.end(), key,
                                      [](const Merge& merge, std::uint64_t pair) { return merge.pair < pair; });
  return found == merges_.end() || found->pair != key ? nullptr : &*found;
}

bool BpeModel::AppendBytes(std::string_view character, std::vector<std::int32_t>& symbols) const {
  std::vector<std::int32_t> bytes;
  for (const char c : character) {
    const auto id = vocabulary_.Find(ByteToken(static_cast<std::uint8_t>(c)));
    if (!id) return false;
    bytes.push_back(*id);
  }
  symbols.insert(symbols.end(), bytes.begin(), bytes.end());
  return true;
}

std::vector<std::int32_t> BpeModel::Symbols(std::string_view piece) const {
  std::vector<std::int32_t> symbols;
  bool after_unknown = false;
  std::string symbol;
  for (std::size_t offset = 0; offset < piece.size();) {
    const std::size_t begin = offset;
    NextCodePoint(piece, offset);
    symbol = begin > 0 ? settings_.continuing_prefix : std::string();
    symbol += piece.substr(begin, offset - begin);
    if (offset == piece.size()) symbol += settings_.word_suffix;
    if (const auto id = vocabulary_.Find(symbol)) {
      symbols.push_back(*id);
      after_unknown = false;
    } else if (settings_.byte_fallback && AppendBytes(symbol, symbols)) {
      after_unknown = false;
    } else if (unknown_) {
      if (!settings_.fuse_unknown || !after_unknown) symbols.push_back(*unknown_);
      after_unknown = true;
    }
  }
  return symbols;
}

void BpeModel::MergeSymbols(std::vector<std::int32_t>& symbols) const {
  const std::size_t count = symbols.size();
  std::vector<std::size_t> next(count);
  std::vector<std::size_t> previous(count);
  for (std::size_t i = 0; i < count; ++i) {
    next[i] = i + 1 < count ? i + 1 : kNone;
    previous[i] = i > 0 ? i - 1 : kNone;
  }
  std::priority_queue<Candidate> queue;
  const auto offer = [&](std::size_t position) {
    if (position == kNone || next[position] == kNone) return;
    const std::int32_t right = symbols[next[position]];
    const Merge* merge = FindMerge(symbols[position], right);
    if (merge != nullptr) queue.push({merge->rank, position, merge->pair, merge->result});
  };
  for (std::size_t i = 0; i < count; ++i) offer(i);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    const std::size_t right = next[best.position];
    // Merged away, or one of the two has changed since.
    if (symbols[best.position] < 0 || right == kNone) continue;
    if (PairKey(symbols[best.position], symbols[right]) != best.pair) continue;
    symbols[best.position] = best.result;
    symbols[right] = -1;
    next[best.position] = next[right];
    if (next[right] != kNone) previous[next[right]] = best.position;
    offer(previous[best.position]);
    offer(best.position);
  }
  std::erase(symbols, -1);
}

void BpeModel::Encode(std::string_view piece, std::vector<std::int32_t>& ids) const {
  if (settings_.ignore_merges) {
    if (const auto whole = vocabulary_.Find(piece)) {
      ids.push_back(*whole);
      return;
    }
  }
  std::vector<std::int32_t> symbols = Symbols(piece);
  MergeSymbols(symbols);
  ids.insert(ids.end(), symbols.begin(), symbols.end());
}

}  // namespace immich::ml
