#include "ml/text/text_pattern.hpp"

#include <unicode/uregex.h>
#include <unicode/utext.h>

#include <utility>

#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {
namespace {

struct CloseText {
  void operator()(UText* text) const { utext_close(text); }
};
struct CloseRegex {
  void operator()(URegularExpression* regex) const { uregex_close(regex); }
};

/// About milliseconds, before a pathological pattern is given up.
constexpr int32_t kTimeLimit = 2000;
constexpr int32_t kStackBytes = 16 * 1024 * 1024;

std::unique_ptr<UText, CloseText> OpenText(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UText, CloseText> opened(
      utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &status));
  if (U_FAILURE(status)) throw TokenizerError(std::string("a text cannot be read: ") + u_errorName(status));
  return opened;
}

/// `\s` of ICU leaves out vertical tab and U+0085.
std::string WithWhiteSpaceProperty(std::string_view expression) {
  std::string out;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c != '\\' || i + 1 == expression.size()) {
      out.push_back(c);
      continue;
    }
    const char next = expression[++i];
    if (next == 's') {
      out += "\\p{White_Space}";
    } else if (next == 'S') {
      out += "\\P{White_Space}";
    } else {
      out.push_back(c);
      out.push_back(next);
    }
  }
  return out;
}

std::vector<TextRange> FindLiteral(std::string_view text, std::string_view literal) {
  std::vector<TextRange> found;
  if (literal.empty()) return found;
  for (std::size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at)) {
    found.push_back({at, at + literal.size()});
    at += literal.size();
  }
  return found;
}

}  // namespace

TextPattern TextPattern::Literal(std::string text) {
  TextPattern pattern;
  pattern.literal_ = std::move(text);
  return pattern;
}

TextPattern TextPattern::Regex(std::string_view expression) {
  const std::string adapted = WithWhiteSpaceProperty(expression);
  const auto source = OpenText(adapted);
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  std::shared_ptr<URegularExpression> regex(uregex_openUText(source.get(), 0, &where, &status), CloseRegex{});
  if (U_FAILURE(status)) {
    throw TokenizerError("the pattern \"" + std::string(expression) + "\" cannot be used: " + u_errorName(status));
  }
  TextPattern pattern;
  pattern.regex_ = std::move(regex);
  return pattern;
}

std::vector<TextRange> TextPattern::FindAll(std::string_view text) const {
  if (!regex_) return FindLiteral(text, literal_);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<URegularExpression, CloseRegex> matcher(uregex_clone(regex_.get(), &status));
  const auto source = OpenText(text);
  uregex_setTimeLimit(matcher.get(), kTimeLimit, &status);
  uregex_setStackLimit(matcher.get(), kStackBytes, &status);
  uregex_setUText(matcher.get(), source.get(), &status);
  std::vector<TextRange> found;
  while (U_SUCCESS(status) && uregex_findNext(matcher.get(), &status)) {
    const auto begin = static_cast<std::size_t>(uregex_start64(matcher.get(), 0, &status));
    const auto end = static_cast<std::size_t>(uregex_end64(matcher.get(), 0, &status));
    if (end > begin) found.push_back({begin, end});
  }
  if (U_FAILURE(status)) throw TokenizerError(std::string("a text cannot be split: ") + u_errorName(status));
  return found;
}

}  // namespace immich::ml
