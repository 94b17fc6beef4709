#include "platform/redis/resp_parser.hpp"

#include <charconv>
#include <utility>

namespace immich::redis {
namespace {

std::int64_t ParseNumber(std::string_view text) {
  std::int64_t number = 0;
  // Redis never writes a plus sign, and from_chars takes none.
  const auto parsed = std::from_chars(text.begin(), text.end(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.end()) throw RespError("a reply has no number where one belongs");
  return number;
}

}  // namespace

void AppendCommand(std::string& out, const Command& command) {
  char digits[24];
  const auto append_number = [&](char type, std::size_t number) {
    out.push_back(type);
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    out += "\r\n";
  };
  append_number('*', command.size());
  for (const std::string& part : command) {
    append_number('$', part.size());
    out += part;
    out += "\r\n";
  }
}

void RespParser::Feed(std::string_view bytes) {
  Compact();
  buffer_.append(bytes);
}

/// Drops what was given out once it is most of the buffer, so that bytes move rarely.
void RespParser::Compact() {
  if (position_ < buffer_.size() / 2 && position_ < 64 * 1024) return;
  buffer_.erase(0, position_);
  scanned_ -= position_;
  position_ = 0;
  constexpr std::size_t kKeptBytes = 256 * 1024;
  if (buffer_.size() < kKeptBytes / 4 && buffer_.capacity() > kKeptBytes) buffer_.shrink_to_fit();
}

std::optional<Reply> RespParser::Next() {
  while (true) {
    Reply value;
    std::int64_t missing = 0;
    if (!ReadValue(value, missing)) return std::nullopt;
    if (missing > 0) {
      if (open_.size() == kMaxDepth) throw RespError("a reply is nested too deeply");
      open_.push_back({std::move(value), missing});
      continue;
    }
    if (auto complete = Place(std::move(value))) return complete;
  }
}

/// Puts a finished value into the innermost array, which that may finish in turn; gives out what is in none.
std::optional<Reply> RespParser::Place(Reply value) {
  if (open_.empty()) return value;
  OpenArray& array = open_.back();
  array.reply.items.push_back(std::move(value));
  if (--array.missing > 0) return std::nullopt;
  Reply complete = std::move(array.reply);
  open_.pop_back();
  return Place(std::move(complete));
}

bool RespParser::ReadValue(Reply& reply, std::int64_t& missing) {
  if (bulk_bytes_) return ReadBulk(reply);
  std::string_view line;
  if (!ReadLine(line)) return false;
  if (line.empty()) throw RespError("a reply has no type");
  const std::string_view rest = line.substr(1);
  switch (line.front()) {
    case '+':
      reply.kind = Reply::Kind::kStatus;
      reply.text = rest;
      return true;
    case '-':
      reply.kind = Reply::Kind::kError;
      reply.text = rest;
      return true;
    case ':':
      reply.kind = Reply::Kind::kInteger;
      reply.integer = ParseNumber(rest);
      return true;
    case '$':
      bulk_bytes_ = ParseNumber(rest);
      if (*bulk_bytes_ < -1 || *bulk_bytes_ > kMaxBulkBytes) throw RespError("a string has an impossible length");
      return ReadBulk(reply);
    case '*':
      missing = ParseNumber(rest);
      if (missing < -1 || missing > kMaxArrayItems) throw RespError("an array has an impossible length");
      if (missing >= 0) reply.kind = Reply::Kind::kArray;
      return true;
    default:
      throw RespError("a reply has an unknown type");
  }
}

bool RespParser::ReadLine(std::string_view& line) {
  const std::size_t end = buffer_.find("\r\n", scanned_);
  if (end == std::string::npos) {
    if (buffer_.size() - position_ > kMaxLineBytes) throw RespError("a line of a reply is too long");
    // The last byte may be the first of the line end.
    scanned_ = buffer_.size() > position_ ? buffer_.size() - 1 : position_;
    return false;
  }
  if (end - position_ > kMaxLineBytes) throw RespError("a line of a reply is too long");
  line = std::string_view(buffer_).substr(position_, end - position_);
  position_ = scanned_ = end + 2;
  return true;
}

bool RespParser::ReadBulk(Reply& reply) {
  if (*bulk_bytes_ < 0) {
    bulk_bytes_.reset();
    return true;
  }
  const auto size = static_cast<std::size_t>(*bulk_bytes_);
  if (buffer_.size() - position_ < size + 2) return false;
  if (buffer_.compare(position_ + size, 2, "\r\n") != 0) throw RespError("a string does not end where it should");
  reply.kind = Reply::Kind::kString;
  reply.text.assign(buffer_, position_, size);
  position_ += size + 2;
  scanned_ = position_;
  bulk_bytes_.reset();
  return true;
}

}  // namespace immich::redis
