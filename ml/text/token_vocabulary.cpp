#include "ml/text/token_vocabulary.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {

std::string_view TokenVocabulary::token(std::size_t index) const {
  const std::size_t begin = entries_[index].begin;
  const std::size_t end = index + 1 < entries_.size() ? entries_[index + 1].begin : texts_.size();
  return std::string_view(texts_).substr(begin, end - begin);
}

std::size_t TokenVocabulary::SlotOf(std::string_view token_text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(token_text)&mask;
  while (slots_[slot] != 0 && token(slots_[slot] - 1) != token_text) slot = (slot + 1) & mask;
  return slot;
}

void TokenVocabulary::Grow() {
  constexpr std::size_t kFirst = 1024;
  slots_.assign(std::max(kFirst, slots_.size() * 2), 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) slots_[SlotOf(token(i))] = static_cast<std::uint32_t>(i + 1);
}

void TokenVocabulary::Add(std::string_view token_text, std::int32_t id) {
  if ((entries_.size() + 1) * 3 > slots_.size() * 2) Grow();
  const std::size_t slot = SlotOf(token_text);
  if (slots_[slot] != 0) return;
  if (texts_.size() + token_text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw TokenizerError("the vocabulary is too large");
  }
  entries_.push_back({static_cast<std::uint32_t>(texts_.size()), id});
  texts_ += token_text;
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
}

std::optional<std::int32_t> TokenVocabulary::Find(std::string_view token_text) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[SlotOf(token_text)];
  return found == 0 ? std::nullopt : std::optional(entries_[found - 1].id);
}

}  // namespace immich::ml
