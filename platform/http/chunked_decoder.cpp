#include "platform/http/chunked_decoder.hpp"

#include <algorithm>

#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {
constexpr std::size_t kMaxIgnoredBytes = 16 * 1024;
constexpr int kMaxSizeDigits = 15;
}  // namespace

ChunkedDecoder::Step ChunkedDecoder::Next(std::string_view input) {
  Step step;
  while (step.consumed < input.size() && !is_done() && !is_malformed()) {
    if (state_ == State::kData) {
      const std::size_t count =
          static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size() - step.consumed));
      step.data = input.substr(step.consumed, count);
      step.consumed += count;
      remaining_ -= count;
      if (remaining_ == 0) state_ = State::kDataCr;
      return step;
    }
    Consume(input[step.consumed++]);
  }
  return step;
}

void ChunkedDecoder::Consume(char c) {
  switch (state_) {
    case State::kSize:
      ConsumeSize(c);
      break;
    case State::kExtension:
      if (c == '\r') {
        state_ = State::kSizeLf;
      } else if (c == '\n' || c == '\0' || ++ignored_bytes_ > kMaxIgnoredBytes) {
        state_ = State::kMalformed;
      }
      break;
    case State::kSizeLf:
      if (c != '\n') {
        state_ = State::kMalformed;
      } else if (remaining_ == 0) {
        state_ = State::kTrailer;
        trailer_line_bytes_ = 0;
      } else {
        state_ = State::kData;
      }
      break;
    case State::kDataCr:
      state_ = c == '\r' ? State::kDataLf : State::kMalformed;
      break;
    case State::kDataLf:
      state_ = c == '\n' ? State::kSize : State::kMalformed;
      digits_ = 0;
      break;
    case State::kTrailer:
    case State::kTrailerLf:
      ConsumeTrailer(c);
      break;
    case State::kData:
    case State::kDone:
    case State::kMalformed:
      break;
  }
}

void ChunkedDecoder::ConsumeSize(char c) {
  const int digit = HexDigitValue(c);
  if (digit >= 0 && digits_ < kMaxSizeDigits) {
    remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(digit);
    ++digits_;
  } else if (digits_ > 0 && c == '\r') {
    state_ = State::kSizeLf;
  } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
    state_ = State::kExtension;
  } else {
    state_ = State::kMalformed;
  }
}

void ChunkedDecoder::ConsumeTrailer(char c) {
  if (state_ == State::kTrailerLf) {
    if (c != '\n') {
      state_ = State::kMalformed;
    } else {
      state_ = trailer_line_bytes_ == 0 ? State::kDone : State::kTrailer;
      trailer_line_bytes_ = 0;
    }
  } else if (c == '\r') {
    state_ = State::kTrailerLf;
  } else if (c == '\n' || ++ignored_bytes_ > kMaxIgnoredBytes) {
    state_ = State::kMalformed;
  } else {
    ++trailer_line_bytes_;
  }
}

}  // namespace immich::http
