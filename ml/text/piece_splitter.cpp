#include "ml/text/piece_splitter.hpp"

#include <string>

#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {
namespace {

struct MarkedRange {
  TextRange range;
  bool is_delimiter = false;
};

/// The whole text as delimiters and what is between them.
std::vector<MarkedRange> Mark(std::size_t length, const std::vector<TextRange>& matches, bool invert) {
  std::vector<MarkedRange> marked;
  std::size_t done = 0;
  for (const TextRange& match : matches) {
    if (match.begin > done) marked.push_back({{done, match.begin}, invert});
    if (match.end > match.begin) marked.push_back({match, !invert});
    done = match.end;
  }
  if (length > done) marked.push_back({{done, length}, invert});
  return marked;
}

/// A delimiter goes to the part before it; one behind another stays alone.
std::vector<TextRange> MergePrevious(const std::vector<MarkedRange>& marked) {
  std::vector<TextRange> parts;
  bool after_delimiter = false;
  for (const auto& [range, is_delimiter] : marked) {
    if (is_delimiter && !after_delimiter && !parts.empty()) {
      parts.back().end = range.end;
    } else {
      parts.push_back(range);
    }
    after_delimiter = is_delimiter;
  }
  return parts;
}

/// A delimiter goes to the part behind it; one before another stays alone.
std::vector<TextRange> MergeNext(const std::vector<MarkedRange>& marked) {
  std::vector<TextRange> parts;
  bool after_delimiter = false;
  for (const auto& [range, is_delimiter] : marked) {
    if (!is_delimiter && after_delimiter) {
      parts.back().end = range.end;
    } else {
      parts.push_back(range);
    }
    after_delimiter = is_delimiter;
  }
  return parts;
}

std::vector<TextRange> MergeEqual(const std::vector<MarkedRange>& marked) {
  std::vector<TextRange> parts;
  bool after_delimiter = false;
  for (const auto& [range, is_delimiter] : marked) {
    if (!parts.empty() && is_delimiter == after_delimiter) {
      parts.back().end = range.end;
    } else {
      parts.push_back(range);
    }
    after_delimiter = is_delimiter;
  }
  return parts;
}

}  // namespace

DelimiterRule DelimiterRuleOf(std::string_view name) {
  if (name == "Removed") return DelimiterRule::kRemoved;
  if (name == "Isolated") return DelimiterRule::kIsolated;
  if (name == "MergedWithPrevious") return DelimiterRule::kMergedWithPrevious;
  if (name == "MergedWithNext") return DelimiterRule::kMergedWithNext;
  if (name == "Contiguous") return DelimiterRule::kContiguous;
  throw TokenizerError("the split behavior \"" + std::string(name) + "\" is not known");
}

std::vector<TextRange> SplitAt(std::size_t length, const std::vector<TextRange>& matches, DelimiterRule rule,
                               bool invert) {
  const auto marked = Mark(length, matches, invert);
  if (rule == DelimiterRule::kMergedWithPrevious) return MergePrevious(marked);
  if (rule == DelimiterRule::kMergedWithNext) return MergeNext(marked);
  if (rule == DelimiterRule::kContiguous) return MergeEqual(marked);
  std::vector<TextRange> parts;
  for (const auto& [range, is_delimiter] : marked) {
    if (!is_delimiter || rule == DelimiterRule::kIsolated) parts.push_back(range);
  }
  return parts;
}

}  // namespace immich::ml
