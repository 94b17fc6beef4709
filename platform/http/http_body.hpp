#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/http/chunked_decoder.hpp"
#include "platform/http/http_head.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_transport.hpp"

namespace immich::http {

/// Bytes received and not used yet: the rest of a packet behind a head, pipelined requests.
class PendingInput {
 public:
  std::string_view view() const { return std::string_view(bytes_).substr(begin_); }
  bool empty() const { return begin_ == bytes_.size(); }
  /// The consumed bytes stay in place until the next Append or Release.
  void Consume(std::size_t count) { begin_ += count; }
  void Append(std::string_view more);
  /// Frees the memory when nothing is pending.
  void ReleaseIfEmpty();

 private:
  std::string bytes_;
  std::size_t begin_ = 0;
};

/// The body of one request, read from its connection when the handler asks for it.
class RequestBody final : public BodyReader {
 public:
  RequestBody(Transport& transport, PendingInput& pending, const RequestHead& head);

  Task<std::span<const std::uint8_t>> Read() override;
  std::optional<std::uint64_t> length() const override { return length_; }

  /// Everything was read: the connection stands at the next request.
  bool is_finished() const { return finished_; }
  /// The rest is small and on its way: reading it costs less than a new connection.
  bool is_cheap_to_drain() const;
  /// Reads and drops the rest; false when the client broke off.
  Task<bool> Drain();

 private:
  Task<std::span<const std::uint8_t>> ReadSized();
  Task<std::span<const std::uint8_t>> ReadChunked();
  /// Next raw bytes: pending ones first, then from the network. Throws BadRequest when the client is gone.
  Task<std::string_view> Receive(std::uint64_t limit_bytes);
  Task<void> SendContinue();

  Transport& transport_;
  PendingInput& pending_;
  std::optional<std::uint64_t> length_;
  std::uint64_t remaining_ = 0;
  bool chunked_ = false;
  bool owes_continue_ = false;
  bool finished_ = false;
  bool broken_ = false;
  ChunkedDecoder decoder_;
  std::string_view raw_;
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_bytes_ = 0;
};

}  // namespace immich::http
