#include "platform/http/multipart.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/http/multipart_header.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

/// RFC 2046 allows 70; more does no harm.
constexpr std::size_t kMaxBoundaryBytes = 200;
/// Blanks some clients put between a boundary and its line end.
constexpr std::size_t kMaxPaddingBytes = 64;

std::span<const std::uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t count = 0;
  while (count < limit && a[count] == b[count]) ++count;
  return count;
}

}  // namespace

struct MultipartParser::Impl {
  /// kBody looks for the delimiter (before the first one, too), kDelimiterEnd stands behind one, kHeader collects a
  /// header block.
  enum class State { kBody, kDelimiterEnd, kHeader, kEpilogue };
  enum class PartKind { kNone, kField, kFile, kSkipped };

  Impl(std::string boundary, MultipartLimits limits_in, MultipartSink& sink_in)
      : delimiter("\r\n--" + std::move(boundary)), limits(limits_in), sink(sink_in) {}

  Task<void> ConsumeBody(std::string_view& input);
  Task<void> SearchDelimiter(std::string_view& input);
  Task<void> EmitData(std::string_view data);
  Task<void> FinishPart();
  void ConsumeDelimiterEnd(std::string_view& input);
  Task<void> ConsumeHeader(std::string_view& input);
  Task<void> BeginPart(std::string_view block);

  std::string delimiter;
  MultipartLimits limits;
  MultipartSink& sink;
  State state = State::kBody;
  PartKind kind = PartKind::kNone;
  /// Bytes of the delimiter that the end of the last slice matched. The first delimiter has no line end before it: the
  /// form starts as if one had been seen.
  std::size_t matched = 2;
  std::string delimiter_end;
  std::string header_block;
  PartInfo part;
  std::string field;
  std::size_t parts = 0;
  std::size_t fields_bytes = 0;
};

/// Goes on with a delimiter that the last slice may have begun. What was held back of that slice is a prefix of the
/// delimiter, so it needs no copy.
Task<void> MultipartParser::Impl::ConsumeBody(std::string_view& input) {
  if (matched > 0) {
    const std::size_t count = CommonPrefix(input, std::string_view(delimiter).substr(matched));
    if (matched + count == delimiter.size()) {
      matched = 0;
      input.remove_prefix(count);
      co_await FinishPart();
      co_return;
    }
    if (count == input.size()) {
      matched += count;
      input = {};
      co_return;
    }
    const std::string_view held_back = std::string_view(delimiter).substr(0, std::exchange(matched, 0));
    co_await EmitData(held_back);
  }
  co_await SearchDelimiter(input);
}

/// CR starts the delimiter and occurs nowhere else in it: a failed comparison goes on where it failed.
Task<void> MultipartParser::Impl::SearchDelimiter(std::string_view& input) {
  std::string_view data = std::exchange(input, {});
  std::size_t position = 0;
  bool found = false;
  while (const void* hit = std::memchr(data.data() + position, '\r', data.size() - position)) {
    std::size_t begin = static_cast<std::size_t>(static_cast<const char*>(hit) - data.data());
    while (begin + 1 < data.size() && data[begin + 1] == '\r') ++begin;
    const std::size_t count = CommonPrefix(data.substr(begin), delimiter);
    position = begin + count;
    found = count == delimiter.size();
    if (found || position == data.size()) {
      if (found) input = data.substr(position);
      if (!found) matched = count;
      data = data.substr(0, begin);
      break;
    }
  }
  co_await EmitData(data);
  if (found) co_await FinishPart();
}

Task<void> MultipartParser::Impl::EmitData(std::string_view data) {
  if (data.empty()) co_return;
  if (kind == PartKind::kFile) {
    co_await sink.OnFileData(AsBytes(data));
  } else if (kind == PartKind::kField) {
    fields_bytes += data.size();
    if (field.size() + data.size() > limits.max_field_bytes) throw BadRequest("Field value too long");
    if (fields_bytes > limits.max_fields_bytes) throw BadRequest("Fields too long");
    field.append(data);
  }
}

Task<void> MultipartParser::Impl::FinishPart() {
  state = State::kDelimiterEnd;
  const PartKind finished = std::exchange(kind, PartKind::kNone);
  if (finished == PartKind::kFile) co_await sink.OnFileEnd();
  if (finished == PartKind::kField) {
    std::string value = DecodeFormText(std::exchange(field, {}));
    co_await sink.OnField(part, std::move(value));
  }
}

void MultipartParser::Impl::ConsumeDelimiterEnd(std::string_view& input) {
  while (!input.empty() && state == State::kDelimiterEnd) {
    delimiter_end.push_back(input.front());
    input.remove_prefix(1);
    const bool ends_line = delimiter_end.ends_with("\r\n");
    if (delimiter_end == "--") {
      state = State::kEpilogue;
    } else if (ends_line && TrimBlanks(std::string_view(delimiter_end).substr(0, delimiter_end.size() - 2)).empty()) {
      state = State::kHeader;
    } else if (ends_line || delimiter_end.size() > kMaxPaddingBytes) {
      throw BadRequest("Malformed boundary");
    }
  }
  if (state != State::kDelimiterEnd) delimiter_end.clear();
}

Task<void> MultipartParser::Impl::ConsumeHeader(std::string_view& input) {
  // An empty header block ends with the line end that follows the delimiter's: compare with it in place.
  if (header_block.empty()) header_block = "\r\n";
  const std::size_t known = header_block.size();
  const std::size_t max_bytes = limits.max_part_header_bytes + 6;
  header_block.append(input.substr(0, max_bytes - known));
  const std::size_t end = header_block.find("\r\n\r\n", known >= 3 ? known - 3 : 0);
  if (end == std::string::npos) {
    if (header_block.size() == max_bytes) throw BadRequest("Malformed part header");
    input = {};
    co_return;
  }
  input.remove_prefix(end + 4 - known);
  const std::string block = end < 2 ? std::string() : header_block.substr(2, end - 2);
  header_block.clear();
  co_await BeginPart(block);
}

Task<void> MultipartParser::Impl::BeginPart(std::string_view block) {
  if (++parts > limits.max_parts) throw BadRequest("Too many parts");
  std::optional<PartHeader> header = ParsePartHeader(block);
  if (!header) throw BadRequest("Malformed part header");
  state = State::kBody;
  kind = PartKind::kSkipped;
  if (!header->is_form_data) co_return;
  if (!header->has_name) throw BadRequest("Field name missing");
  part = std::move(header->info);
  kind = part.file_name ? PartKind::kFile : PartKind::kField;
  if (kind == PartKind::kFile) co_await sink.OnFileBegin(part);
}

MultipartParser::MultipartParser(std::string boundary, MultipartLimits limits, MultipartSink& sink)
    : impl_(std::make_unique<Impl>(std::move(boundary), limits, sink)) {}

MultipartParser::~MultipartParser() = default;

Task<void> MultipartParser::Feed(std::span<const std::uint8_t> data) {
  std::string_view input(reinterpret_cast<const char*>(data.data()), data.size());
  while (!input.empty()) {
    switch (impl_->state) {
      case Impl::State::kBody:
        co_await impl_->ConsumeBody(input);
        break;
      case Impl::State::kDelimiterEnd:
        impl_->ConsumeDelimiterEnd(input);
        break;
      case Impl::State::kHeader:
        co_await impl_->ConsumeHeader(input);
        break;
      case Impl::State::kEpilogue:
        co_return;
    }
  }
}

void MultipartParser::Finish() {
  if (impl_->state != Impl::State::kEpilogue) throw BadRequest("Unexpected end of form");
}

std::optional<std::string> FindMultipartBoundary(std::string_view content_type) {
  const std::size_t type_end = content_type.find(';');
  if (type_end == std::string_view::npos) return std::nullopt;
  if (!EqualsIgnoringCase(TrimBlanks(content_type.substr(0, type_end)), "multipart/form-data")) return std::nullopt;
  std::string_view rest = content_type.substr(type_end + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view parameter = TrimBlanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !EqualsIgnoringCase(parameter.substr(0, equals), "boundary")) continue;
    std::string_view boundary = parameter.substr(equals + 1);
    if (boundary.size() >= 2 && boundary.starts_with('"') && boundary.ends_with('"')) {
      boundary = boundary.substr(1, boundary.size() - 2);
    }
    const bool is_usable = !boundary.empty() && boundary.size() <= kMaxBoundaryBytes &&
                           boundary.find_first_of("\r\n\"") == std::string_view::npos;
    if (is_usable) return std::string(boundary);
  }
  return std::nullopt;
}

Task<void> ReadMultipart(Request& request, MultipartLimits limits, MultipartSink& sink) {
  std::optional<std::string> boundary = FindMultipartBoundary(request.headers.Get("Content-Type"));
  if (!boundary) throw BadRequest("Multipart: Boundary not found");
  MultipartParser parser(std::move(*boundary), limits, sink);
  for (;;) {
    const std::span<const std::uint8_t> bytes = co_await request.body->Read();
    if (bytes.empty()) break;
    co_await parser.Feed(bytes);
  }
  parser.Finish();
}

}  // namespace immich::http
