#include "ml/text/added_tokens.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <limits>
#include <utility>

#include "ml/text/json_access.hpp"
#include "ml/text/tokenizer_error.hpp"
#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool EndsWithWordCharacter(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0) {
    --begin;
    if (!IsContinuation(text[begin])) break;
  }
  return begin < text.size() && IsWordCharacter(NextCodePoint(text, begin));
}

bool BeginsWithWordCharacter(std::string_view text) {
  std::size_t offset = 0;
  return !text.empty() && IsWordCharacter(NextCodePoint(text, offset));
}

}  // namespace

AddedTokens::AddedTokens(const boost::json::value& description, const TextNormalizer* normalizer) {
  if (description.is_null()) return;
  const auto* list = description.if_array();
  if (list == nullptr) throw TokenizerError("\"added_tokens\" is not a list");
  for (const auto& row : *list) {
    const std::int64_t id = IntMember(row, "id", -1);
    if (id < 0 || id > std::numeric_limits<std::int32_t>::max()) throw TokenizerError("an added token has no id");
    Token token{.content = TextMember(row, "content"),
                .id = static_cast<std::int32_t>(id),
                .single_word = BoolMember(row, "single_word", false),
                .strips_left = BoolMember(row, "lstrip", false),
                .strips_right = BoolMember(row, "rstrip", false),
                .normalized = BoolMember(row, "normalized", true)};
    contents_.emplace_back(token.content, token.id);
    if (token.normalized && normalizer != nullptr) token.content = normalizer->Apply(token.content);
    Insert(token.normalized ? normalized_ : raw_, std::move(token));
  }
}

void AddedTokens::Add(Token token) {
  contents_.emplace_back(token.content, token.id);
  Table& table = token.normalized ? normalized_ : raw_;
  Insert(table, std::move(token));
}

void AddedTokens::Insert(Table& table, Token token) {
  if (token.content.empty()) return;
  auto& row = table.by_first_byte[static_cast<unsigned char>(token.content[0])];
  const auto place = std::upper_bound(row.begin(), row.end(), token, [](const Token& a, const Token& b) {
    return a.content.size() > b.content.size();
  });
  row.insert(place, std::move(token));
  table.empty = false;
}

std::optional<std::int32_t> AddedTokens::Find(std::string_view content) const {
  for (const auto& [text, id] : contents_) {
    if (text == content) return id;
  }
  return std::nullopt;
}

const AddedTokens::Token* AddedTokens::FindAt(std::string_view text, std::size_t offset, const Table& table) {
  const std::string_view rest = text.substr(offset);
  for (const Token& token : table.by_first_byte[static_cast<unsigned char>(rest[0])]) {
    if (rest.starts_with(token.content)) return &token;
  }
  return nullptr;
}

std::vector<AddedTokens::Part> AddedTokens::Split(std::string_view text, const Table& table) {
  std::vector<Part> parts;
  if (table.empty) {
    if (!text.empty()) parts.push_back({text, std::nullopt});
    return parts;
  }
  std::size_t done = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const Token* token = FindAt(text, offset, table);
    if (token == nullptr) {
      ++offset;
      continue;
    }
    std::size_t begin = offset;
    std::size_t end = offset + token->content.size();
    offset = end;
    const bool inside_word = EndsWithWordCharacter(text.substr(0, begin)) || BeginsWithWordCharacter(text.substr(end));
    if (token->single_word && inside_word) continue;
    if (token->strips_left) begin = done + TrimWhiteSpace(text.substr(done, begin - done), false, true).size();
    if (token->strips_right) {
      end = text.size() - TrimWhiteSpace(text.substr(end), true, false).size();
      offset = end;
    }
    if (begin > done) parts.push_back({text.substr(done, begin - done), std::nullopt});
    parts.push_back({text.substr(begin, end - begin), token->id});
    done = end;
  }
  if (done < text.size()) parts.push_back({text.substr(done), std::nullopt});
  return parts;
}

}  // namespace immich::ml
