#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/http_message.hpp"
#include "platform/time/time_point.hpp"

namespace immich::http {

/// Hashing more than this would hold the event loop for more than about half a millisecond.
inline constexpr std::size_t kMaxHashedOnLoopBytes = 256 * 1024;

/// `"<length hex>-<27 characters of base64 SHA-1>"`, the strong entity tag the original gives a buffered body.
std::string StrongEtag(std::string_view body);
/// `W/"<size hex>-<mtime ms hex>"`; `modified` is rounded to milliseconds as JavaScript's Date does.
std::string FileEtag(std::uint64_t size_bytes, std::int64_t modified_ns);

/// What the response says about itself; compared with the conditions of the request.
struct Validators {
  std::string_view etag;
  std::optional<TimePoint> last_modified;
};

/// True when 304 answers the request: If-None-Match (weak comparison) decides alone when present, else
/// If-Modified-Since; `Cache-Control: no-cache` of a reload asks for the whole answer.
bool IsFresh(const Headers& request, const Validators& validators);
/// True when If-Match or If-Unmodified-Since fails: 412.
bool FailsPrecondition(const Headers& request, const Validators& validators);

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

struct RangeDecision {
  enum class Kind { kWhole, kPartial, kUnsatisfiable };
  Kind kind = Kind::kWhole;
  ByteRange range;
};

/// Evaluates `Range` and `If-Range` for a body of `size_bytes`. Overlapping and adjacent ranges are joined; more than
/// one remaining range or a unit other than bytes gives the whole body.
RangeDecision DecideRange(const Headers& request, const Validators& validators, std::uint64_t size_bytes);

}  // namespace immich::http
