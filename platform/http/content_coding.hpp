#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace immich::http {

/// Compat: every JSON route: smaller bodies are not compressed (default threshold of the original).
inline constexpr std::size_t kCompressFromBytes = 1024;
/// Compressing more than this would hold the event loop for more than about half a millisecond.
inline constexpr std::size_t kMaxCompressedOnLoopBytes = 8 * 1024;

enum class ContentCoding { kIdentity, kBrotli, kGzip, kDeflate };

/// Token of the Content-Encoding header.
std::string_view ToString(ContentCoding coding);
/// Best coding an Accept-Encoding header allows: by quality, then br, gzip, deflate.
ContentCoding NegotiateCoding(std::string_view accept_encoding);
/// True when the quality the header gives `coding` (by name or `*`) is above 0.
bool AcceptsCoding(std::string_view accept_encoding, std::string_view coding);
/// True for text, JSON, XML, JavaScript, SVG and the like.
bool IsCompressible(std::string_view content_type);

/// Compresses a stream in blocks. One thread at a time; takes 0.3–1.5 MB while it lives.
class StreamCompressor {
 public:
  explicit StreamCompressor(ContentCoding coding);
  ~StreamCompressor();
  StreamCompressor(const StreamCompressor&) = delete;
  StreamCompressor& operator=(const StreamCompressor&) = delete;

  /// Output so far for `input`; everything that is left when `is_last`. May give nothing.
  std::string Add(std::string_view input, bool is_last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The whole of `body` at once.
std::string Compress(ContentCoding coding, std::string_view body);

}  // namespace immich::http
