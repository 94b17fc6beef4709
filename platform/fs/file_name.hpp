#pragma once

#include <string>
#include <string_view>

namespace immich::fs {

inline constexpr std::size_t kMaxFileNameBytes = 255;

/// Makes a client's name safe as one path component on every file system. Removes `/ ? < > \ : * | "`, control
/// characters and broken UTF-8, dots and spaces at the end, names that are only dots, names reserved by Windows
/// (`con`, `lpt1.txt`); cuts to 255 bytes between characters. May be empty.
/// Compat: storage template, storage label: the same set of characters as the original removes.
std::string SanitizeFileName(std::string_view name);

/// The longest start of `text` that is valid UTF-8, ends between characters and has at most `max_bytes`.
std::string_view CutUtf8(std::string_view text, std::size_t max_bytes);

/// True when the absolute `path` is `root` or below it after resolving `.`, `..` and double slashes in the text.
/// Symbolic links are not followed. Relative paths are inside nothing.
bool IsInside(std::string_view root, std::string_view path);

/// The path without `.`, `..`, double and trailing slashes.
std::string NormalizePath(std::string_view path);

}  // namespace immich::fs
