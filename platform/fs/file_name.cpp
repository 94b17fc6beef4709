#include "platform/fs/file_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace immich::fs {
namespace {

/// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xED && byte(1) > 0x9F;
  const bool too_large = byte(0) == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

bool IsForbidden(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  const bool c1_control = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return first < 0x20 || first == 0x7F || c1_control ||
         std::string_view("/?<>\\:*|\"").find(character[0]) != std::string_view::npos;
}

bool IsReservedByWindows(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::string_view, 4> kNames = {"con", "prn", "aux", "nul"};
  if (std::find(kNames.begin(), kNames.end(), stem) != kNames.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

std::string_view WithoutTrailingDotsAndSpaces(std::string_view name) {
  return name.substr(0, name.find_last_not_of(". ") + 1);
}

}  // namespace

std::string_view CutUtf8(std::string_view text, std::size_t max_bytes) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = SequenceLength(text.substr(end));
    if (length == 0 || end + length > max_bytes) break;
    end += length;
  }
  return text.substr(0, end);
}

std::string SanitizeFileName(std::string_view name) {
  std::string clean;
  clean.reserve(name.size());
  while (!name.empty()) {
    const std::size_t length = SequenceLength(name);
    const std::string_view character = name.substr(0, std::max<std::size_t>(length, 1));
    if (length != 0 && !IsForbidden(character)) clean += character;
    name.remove_prefix(character.size());
  }
  if (clean.find_first_not_of('.') == std::string::npos || IsReservedByWindows(clean)) return "";
  const std::string_view trimmed = WithoutTrailingDotsAndSpaces(clean);
  return std::string(WithoutTrailingDotsAndSpaces(CutUtf8(trimmed, kMaxFileNameBytes)));
}

std::string NormalizePath(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string normal;
  for (const std::string_view part : parts) {
    if (absolute || !normal.empty()) normal += '/';
    normal += part;
  }
  if (normal.empty()) normal = absolute ? "/" : ".";
  return normal;
}

bool IsInside(std::string_view root, std::string_view path) {
  if (!root.starts_with('/') || !path.starts_with('/') || path.find('\0') != std::string_view::npos) return false;
  const std::string folder = NormalizePath(root);
  const std::string file = NormalizePath(path);
  if (folder == "/" || file == folder) return true;
  return file.starts_with(folder) && file[folder.size()] == '/';
}

}  // namespace immich::fs
