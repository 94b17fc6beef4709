#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/http/content_coding.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_transport.hpp"

namespace immich::http {

/// Sends a body of unknown length. The head goes out with the first bytes, so a failure before them still becomes an
/// error response.
class StreamWriter final : public BodyWriter {
 public:
  enum class Framing { kChunked, kPlain };

  StreamWriter(Transport& transport, std::string head, Framing framing, ContentCoding coding);

  Task<void> Write(std::string_view bytes) override;
  /// Sends what is left and the end mark. Call once, after the last Write.
  Task<void> Finish();
  bool has_sent_head() const { return has_sent_head_; }

 private:
  Task<void> Compress(bool is_last);
  Task<void> SendBlock(std::string_view bytes);

  Transport& transport_;
  std::string head_;
  Framing framing_;
  ContentCoding coding_;
  bool has_sent_head_ = false;
  /// Shared with the blocking pool, which may outlive the connection.
  std::shared_ptr<StreamCompressor> compressor_;
  std::string uncompressed_;
};

}  // namespace immich::http
