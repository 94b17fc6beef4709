#include "platform/http/http_body.hpp"

#include <algorithm>

namespace immich::http {
namespace {

/// Smaller buffers make uploads slower, larger ones no faster (measured with 1 GB over loopback).
constexpr std::size_t kBodyBufferBytes = 256 * 1024;
constexpr std::uint64_t kCheapDrainBytes = 64 * 1024;

std::span<const std::uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void PendingInput::Append(std::string_view more) {
  bytes_.erase(0, begin_);
  begin_ = 0;
  bytes_.append(more);
}

void PendingInput::ReleaseIfEmpty() {
  if (!empty() || bytes_.capacity() == std::string().capacity()) return;
  std::string().swap(bytes_);
  begin_ = 0;
}

RequestBody::RequestBody(Transport& transport, PendingInput& pending, const RequestHead& head)
    : transport_(transport),
      pending_(pending),
      length_(head.content_length),
      remaining_(head.content_length.value_or(0)),
      chunked_(head.chunked),
      owes_continue_(head.expects_continue),
      finished_(!head.chunked && remaining_ == 0) {
  if (!length_ && !chunked_) length_ = 0;
}

Task<std::span<const std::uint8_t>> RequestBody::Read() {
  if (broken_) throw BadRequest("Request aborted");
  if (finished_) co_return std::span<const std::uint8_t>{};
  co_return chunked_ ? co_await ReadChunked() : co_await ReadSized();
}

Task<std::span<const std::uint8_t>> RequestBody::ReadSized() {
  const std::string_view bytes = co_await Receive(remaining_);
  remaining_ -= bytes.size();
  finished_ = remaining_ == 0;
  co_return AsBytes(bytes);
}

Task<std::span<const std::uint8_t>> RequestBody::ReadChunked() {
  for (;;) {
    if (raw_.empty()) raw_ = co_await Receive(UINT64_MAX);
    const ChunkedDecoder::Step step = decoder_.Next(raw_);
    raw_.remove_prefix(step.consumed);
    if (decoder_.is_malformed()) {
      broken_ = true;
      throw BadRequest("Malformed chunked body");
    }
    if (!step.data.empty()) co_return AsBytes(step.data);
    if (decoder_.is_done()) {
      finished_ = true;
      const std::string next_request(raw_);
      pending_.Append(next_request);
      co_return std::span<const std::uint8_t>{};
    }
  }
}

Task<std::string_view> RequestBody::Receive(std::uint64_t limit_bytes) {
  if (!pending_.empty()) {
    const std::string_view available = pending_.view();
    const std::string_view bytes = available.substr(0, std::min<std::uint64_t>(limit_bytes, available.size()));
    pending_.Consume(bytes.size());
    co_return bytes;
  }
  if (owes_continue_) co_await SendContinue();
  if (!buffer_) {
    buffer_bytes_ = static_cast<std::size_t>(std::min<std::uint64_t>(kBodyBufferBytes, limit_bytes));
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes_);
  }
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes_, limit_bytes));
  const std::size_t count = co_await transport_.Read({buffer_.get(), wanted});
  if (count == 0) {
    broken_ = true;
    throw BadRequest("Request aborted");
  }
  co_return std::string_view(buffer_.get(), count);
}

Task<void> RequestBody::SendContinue() {
  owes_continue_ = false;
  try {
    co_await transport_.Write("HTTP/1.1 100 Continue\r\n\r\n");
  } catch (const ClientGone&) {
    broken_ = true;
  }
  if (broken_) throw BadRequest("Request aborted");
}

bool RequestBody::is_cheap_to_drain() const {
  return !broken_ && !chunked_ && remaining_ <= kCheapDrainBytes && !(owes_continue_ && pending_.empty());
}

Task<bool> RequestBody::Drain() {
  owes_continue_ = false;
  try {
    while (!finished_) {
      const std::span<const std::uint8_t> bytes = co_await Read();
      if (bytes.empty()) break;
    }
  } catch (const Error&) {
    co_return false;
  }
  co_return finished_;
}

}  // namespace immich::http
