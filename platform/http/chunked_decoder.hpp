#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace immich::http {

/// Decodes `Transfer-Encoding: chunked` from pieces of any size without copying. Strict: sizes are 1–15 hex digits,
/// every line ends in CRLF; extensions and trailers are skipped within a limit.
class ChunkedDecoder {
 public:
  struct Step {
    /// Bytes of the body, a part of the input; empty when the input held only framing.
    std::string_view data;
    /// Input used up, framing included.
    std::size_t consumed = 0;
  };

  /// Goes on until body bytes, the end of the body or the end of the input. Check is_malformed() and is_done() after
  /// it.
  Step Next(std::string_view input);
  bool is_done() const { return state_ == State::kDone; }
  bool is_malformed() const { return state_ == State::kMalformed; }

 private:
  enum class State { kSize, kExtension, kSizeLf, kData, kDataCr, kDataLf, kTrailer, kTrailerLf, kDone, kMalformed };
  void Consume(char c);
  void ConsumeSize(char c);
  void ConsumeTrailer(char c);

  State state_ = State::kSize;
  int digits_ = 0;
  std::uint64_t remaining_ = 0;
  /// Bytes of extensions and trailers so far, and of the current trailer line.
  std::size_t ignored_bytes_ = 0;
  std::size_t trailer_line_bytes_ = 0;
};

}  // namespace immich::http
