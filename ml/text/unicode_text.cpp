#include "ml/text/unicode_text.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <array>
#include <limits>
#include <utility>

#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::uint32_t CategoryMask(char32_t code_point) {
  return U_GET_GC_MASK(static_cast<UChar32>(code_point));
}

void CheckIcu(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) throw TokenizerError(std::string(what) + ": " + u_errorName(status));
}

std::u16string ToUtf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t code_point = NextCodePoint(text, offset);
    if (code_point > 0xFFFF) {
      out.push_back(static_cast<char16_t>(U16_LEAD(code_point)));
      out.push_back(static_cast<char16_t>(U16_TRAIL(code_point)));
    } else {
      out.push_back(static_cast<char16_t>(code_point));
    }
  }
  return out;
}

std::string FromUtf16(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t offset = 0; offset < length;) {
    UChar32 code_point = 0;
    U16_NEXT(text.data(), offset, length, code_point);
    AppendUtf8(out, static_cast<char32_t>(code_point));
  }
  return out;
}

const UNormalizer2* NormalizerOf(NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* found = nullptr;
  switch (form) {
    case NormalForm::kNfc:
      found = unorm2_getNFCInstance(&status);
      break;
    case NormalForm::kNfd:
      found = unorm2_getNFDInstance(&status);
      break;
    case NormalForm::kNfkc:
      found = unorm2_getNFKCInstance(&status);
      break;
    case NormalForm::kNfkd:
      found = unorm2_getNFKDInstance(&status);
      break;
  }
  CheckIcu(status, "Unicode normalisation is not available");
  return found;
}

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

char32_t NextCodePoint(std::string_view text, std::size_t& offset) {
  // Within reach of a 32-bit index: a character has four bytes at most.
  const std::string_view window = text.substr(offset, 4);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(window.data());
  int32_t position = 0;
  UChar32 code_point = 0;
  U8_NEXT(bytes, position, static_cast<int32_t>(window.size()), code_point);
  offset += code_point < 0 ? 1 : static_cast<std::size_t>(position);
  return code_point < 0 ? kReplacement : static_cast<char32_t>(code_point);
}

std::u32string ToCodePoints(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) out.push_back(NextCodePoint(text, offset));
  return out;
}

void AppendUtf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || U_IS_SURROGATE(code_point)) code_point = kReplacement;
  std::array<char, 4> bytes{};
  std::size_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, code_point);
  out.append(bytes.data(), length);
}

std::string ToUtf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t code_point : text) AppendUtf8(out, code_point);
  return out;
}

bool IsWhiteSpace(char32_t code_point) {
  return u_isUWhiteSpace(static_cast<UChar32>(code_point)) != 0;
}

bool IsPunctuation(char32_t code_point) {
  if (code_point < 0x80) {
    return (code_point >= '!' && code_point <= '/') || (code_point >= ':' && code_point <= '@') ||
           (code_point >= '[' && code_point <= '`') || (code_point >= '{' && code_point <= '~');
  }
  return (CategoryMask(code_point) & U_GC_P_MASK) != 0;
}

bool IsOther(char32_t code_point) {
  return (CategoryMask(code_point) & U_GC_C_MASK) != 0;
}

bool IsMark(char32_t code_point) {
  return (CategoryMask(code_point) & U_GC_M_MASK) != 0;
}

bool IsNonSpacingMark(char32_t code_point) {
  return (CategoryMask(code_point) & U_GC_MN_MASK) != 0;
}

bool IsNumeric(char32_t code_point) {
  return (CategoryMask(code_point) & U_GC_N_MASK) != 0;
}

bool IsBertIdeograph(char32_t code_point) {
  constexpr std::array<std::pair<char32_t, char32_t>, 8> kBlocks{{{0x4E00, 0x9FFF},
                                                                  {0x3400, 0x4DBF},
                                                                  {0x20000, 0x2A6DF},
                                                                  {0x2A700, 0x2B73F},
                                                                  {0x2B740, 0x2B81F},
                                                                  {0x2B920, 0x2CEAF},
                                                                  {0xF900, 0xFAFF},
                                                                  {0x2F800, 0x2FA1F}}};
  for (const auto& [first, last] : kBlocks) {
    if (code_point >= first && code_point <= last) return true;
  }
  return false;
}

bool IsWordCharacter(char32_t code_point) {
  return u_isUAlphabetic(static_cast<UChar32>(code_point)) != 0 || code_point == 0x200C || code_point == 0x200D ||
         (CategoryMask(code_point) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0;
}

std::string ToNormalForm(std::string_view text, NormalForm form) {
  if (IsAscii(text)) return std::string(text);
  if (text.size() > std::numeric_limits<int32_t>::max() / 8) throw TokenizerError("the text is too long");
  const UNormalizer2* normalizer = NormalizerOf(form);
  const std::u16string source = ToUtf16(text);
  const auto length = static_cast<int32_t>(source.size());
  // Compatibility decomposition grows a code unit to 18 at most; most texts keep their length.
  std::u16string target(source.size() + 64, u'\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UErrorCode status = U_ZERO_ERROR;
    const int32_t written = unorm2_normalize(normalizer, source.data(), length, target.data(),
                                             static_cast<int32_t>(target.size()), &status);
    target.resize(static_cast<std::size_t>(written));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    CheckIcu(status, "a text cannot be normalised");
    break;
  }
  return FromUtf16(target);
}

std::string ToLowercase(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const char32_t code_point = NextCodePoint(text, offset);
    // The one character whose lower case is two: dotted capital I.
    constexpr char32_t kDottedCapitalI = 0x130;
    AppendUtf8(
        out, code_point == kDottedCapitalI ? U'i' : static_cast<char32_t>(u_tolower(static_cast<UChar32>(code_point))));
    if (code_point == kDottedCapitalI) AppendUtf8(out, 0x307);
  }
  return out;
}

std::string_view TrimWhiteSpace(std::string_view text, bool left, bool right) {
  std::size_t begin = text.size();
  std::size_t end = 0;
  bool any = false;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t start = offset;
    if (IsWhiteSpace(NextCodePoint(text, offset))) continue;
    if (!any) begin = start;
    any = true;
    end = offset;
  }
  if (!any) return left || right ? std::string_view() : text;
  if (!left) begin = 0;
  if (!right) end = text.size();
  return text.substr(begin, end - begin);
}

}  // namespace immich::ml
