#include "platform/http/stream_writer.hpp"

#include <fmt/format.h>

#include <utility>

#include "platform/async/blocking.hpp"

namespace immich::http {
namespace {
/// Uncompressed bytes collected before the blocking pool gets them.
constexpr std::size_t kCompressedBlockBytes = 128 * 1024;
}  // namespace

StreamWriter::StreamWriter(Transport& transport, std::string head, Framing framing, ContentCoding coding)
    : transport_(transport), head_(std::move(head)), framing_(framing), coding_(coding) {}

Task<void> StreamWriter::Write(std::string_view bytes) {
  if (coding_ == ContentCoding::kIdentity) {
    co_await SendBlock(bytes);
    co_return;
  }
  uncompressed_.append(bytes);
  if (uncompressed_.size() >= kCompressedBlockBytes) co_await Compress(false);
}

Task<void> StreamWriter::Finish() {
  if (coding_ != ContentCoding::kIdentity) co_await Compress(true);
  const std::string_view end_mark = framing_ == Framing::kChunked ? "0\r\n\r\n" : "";
  const std::string head = std::exchange(head_, {});
  has_sent_head_ = true;
  Transport::Parts parts = MakeParts(head, end_mark);
  if (!transport_.TryWrite(parts, false)) co_await transport_.WriteRest(parts);
}

Task<void> StreamWriter::Compress(bool is_last) {
  if (!compressor_) compressor_ = std::make_shared<StreamCompressor>(coding_);
  auto work = [compressor = compressor_, input = std::exchange(uncompressed_, {}), is_last] {
    return compressor->Add(input, is_last);
  };
  const std::string compressed = co_await RunBlocking(std::move(work));
  co_await SendBlock(compressed);
}

Task<void> StreamWriter::SendBlock(std::string_view bytes) {
  if (bytes.empty()) co_return;
  std::string begin = std::exchange(head_, {});
  has_sent_head_ = true;
  const bool is_chunked = framing_ == Framing::kChunked;
  if (is_chunked) fmt::format_to(std::back_inserter(begin), "{:x}\r\n", bytes.size());
  Transport::Parts parts = MakeParts(begin, bytes, is_chunked ? "\r\n" : "");
  if (!transport_.TryWrite(parts, false)) co_await transport_.WriteRest(parts);
}

}  // namespace immich::http
