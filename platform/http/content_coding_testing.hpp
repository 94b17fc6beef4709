#pragma once

#include <brotli/decode.h>
#include <zlib.h>

#include <string>
#include <string_view>

#include "platform/http/content_coding.hpp"

namespace immich::http {

/// For tests: the body behind a Content-Encoding, `<corrupt>` when it is not whole.
inline std::string Decompress(ContentCoding coding, std::string_view compressed) {
  std::string out(32 * 1024 * 1024, '\0');
  if (coding == ContentCoding::kBrotli) {
    std::size_t size = out.size();
    const auto* input = reinterpret_cast<const std::uint8_t*>(compressed.data());
    const auto result =
        BrotliDecoderDecompress(compressed.size(), input, &size, reinterpret_cast<std::uint8_t*>(out.data()));
    if (result != BROTLI_DECODER_RESULT_SUCCESS) return "<corrupt>";
    out.resize(size);
    return out;
  }
  constexpr int kDetectGzipAndZlib = 15 + 32;
  z_stream stream{};
  inflateInit2(&stream, kDetectGzipAndZlib);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return status == Z_STREAM_END ? out : "<corrupt>";
}

}  // namespace immich::http
