#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/redis/redis_reply.hpp"

namespace immich::redis {

/// The bytes are not RESP2, or exceed its limits: the connection is of no further use.
class RespError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Incremental parser of RESP2 replies. Memory grows with the bytes received, not with the lengths they announce.
class RespParser {
 public:
  /// Redis's own limit of a string (proto-max-bulk-len).
  static constexpr std::int64_t kMaxBulkBytes = 512LL * 1024 * 1024;
  static constexpr std::int64_t kMaxArrayItems = 16 * 1024 * 1024;
  /// A status, error or number without its line end.
  static constexpr std::size_t kMaxLineBytes = 64 * 1024;
  static constexpr std::size_t kMaxDepth = 8;

  /// Takes bytes as they arrive.
  void Feed(std::string_view bytes);
  /// The next complete reply. Throws RespError; the parser is then unusable.
  std::optional<Reply> Next();
  /// Bytes fed and not yet given out.
  std::size_t buffered_bytes() const { return buffer_.size() - position_; }

 private:
  struct OpenArray {
    Reply reply;
    std::int64_t missing;
  };

  /// One value, when complete: a scalar, or the head of an array (then `missing` is its number of items).
  bool ReadValue(Reply& reply, std::int64_t& missing);
  std::optional<Reply> Place(Reply value);
  bool ReadLine(std::string_view& line);
  bool ReadBulk(Reply& reply);
  void Compact();

  std::string buffer_;
  std::size_t position_ = 0;
  /// Where the search for a line end goes on.
  std::size_t scanned_ = 0;
  /// Length of the string whose head was read.
  std::optional<std::int64_t> bulk_bytes_;
  std::vector<OpenArray> open_;
};

}  // namespace immich::redis
