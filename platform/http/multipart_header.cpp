#include "platform/http/multipart_header.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

struct Disposition {
  std::string type;
  std::vector<std::pair<std::string, std::string>> params;

  std::optional<std::string_view> Find(std::string_view name) const {
    for (const auto& [key, value] : params) {
      if (key == name) return std::string_view(value);
    }
    return std::nullopt;
  }
};

/// A quoted string at the start of `rest`. Only `\"` and `\\` are escapes: some clients send Windows paths.
std::string TakeQuoted(std::string_view& rest) {
  std::string value;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
    value.push_back(rest[i]);
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return value;
}

Disposition ParseDisposition(std::string_view text) {
  Disposition disposition;
  const std::size_t type_end = std::min(text.find(';'), text.size());
  disposition.type = ToLowerAscii(TrimBlanks(text.substr(0, type_end)));
  std::string_view rest = text.substr(type_end);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    rest = TrimBlanks(rest);
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) break;
    std::string name = ToLowerAscii(TrimBlanks(rest.substr(0, equals)));
    const bool has_value = rest[equals] == '=';
    rest.remove_prefix(equals);
    if (!has_value) continue;
    rest.remove_prefix(1);
    rest = TrimBlanks(rest);
    std::string value;
    if (rest.starts_with('"')) {
      value = TakeQuoted(rest);
    } else {
      value = TrimBlanks(rest.substr(0, rest.find(';')));
    }
    disposition.params.emplace_back(std::move(name), std::move(value));
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return disposition;
}

/// `filename*=UTF-8''a%20b` (RFC 5987).
std::optional<std::string> DecodeExtended(std::string_view text) {
  const std::size_t charset_end = text.find('\'');
  if (charset_end == std::string_view::npos) return std::nullopt;
  const std::size_t language_end = text.find('\'', charset_end + 1);
  if (language_end == std::string_view::npos) return std::nullopt;
  const std::string bytes = PercentDecode(text.substr(language_end + 1));
  return EqualsIgnoringCase(text.substr(0, charset_end), "iso-8859-1") ? Latin1ToUtf8(bytes) : DecodeFormText(bytes);
}

/// Clients that send paths mean their last component.
std::string BaseName(std::string name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string::npos) name.erase(0, slash + 1);
  return name == "." || name == ".." ? std::string() : name;
}

std::optional<std::string> FileName(const Disposition& disposition) {
  if (const auto extended = disposition.Find("filename*")) {
    if (auto name = DecodeExtended(*extended)) return BaseName(std::move(*name));
  }
  const auto plain = disposition.Find("filename");
  if (!plain) return std::nullopt;
  return BaseName(DecodeFormText(*plain));
}

}  // namespace

std::string DecodeFormText(std::string_view bytes) {
  return IsValidUtf8(bytes) ? std::string(bytes) : Latin1ToUtf8(bytes);
}

std::optional<PartHeader> ParsePartHeader(std::string_view block) {
  PartHeader header;
  header.info.content_type = "text/plain";
  Disposition disposition;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find("\r\n"), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 2, block.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const std::string_view name = TrimBlanks(line.substr(0, colon));
    const std::string_view value = TrimBlanks(line.substr(colon + 1));
    if (EqualsIgnoringCase(name, "Content-Disposition")) disposition = ParseDisposition(value);
    if (EqualsIgnoringCase(name, "Content-Type")) {
      header.info.content_type = ToLowerAscii(TrimBlanks(value.substr(0, value.find(';'))));
    }
  }
  header.is_form_data = disposition.type == "form-data";
  if (const auto name = disposition.Find("name")) {
    header.has_name = true;
    header.info.name = DecodeFormText(*name);
  }
  header.info.file_name = FileName(disposition);
  // A part of unnamed bytes is a file all the same.
  if (!header.info.file_name && header.info.content_type == "application/octet-stream") header.info.file_name = "";
  return header;
}

}  // namespace immich::http
