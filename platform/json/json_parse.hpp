#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace boost::json {
class value;  // NOLINT(readability-identifier-naming)
}

namespace immich::json {

/// Deeper input is refused. Our own bodies nest 5 deep, free-form objects of clients rarely more than 10.
inline constexpr std::size_t kMaxDepth = 64;

/// A parsed text. Everything lives in one arena that goes with the document; the size of the text is the caller's to
/// bound.
class Document {
 public:
  /// RFC 8259. Throws BadRequest for malformed text, invalid UTF-8 and too deep nesting. Of equal keys the last one
  /// counts.
  static Document Parse(std::string_view text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  boost::json::value& root() const;

 private:
  struct Arena;
  explicit Document(std::unique_ptr<Arena> arena);
  std::unique_ptr<Arena> arena_;
};

/// Appends a value as compact JSON; numbers as JavaScript writes them.
void AppendValue(std::string& out, const boost::json::value& value);

}  // namespace immich::json
