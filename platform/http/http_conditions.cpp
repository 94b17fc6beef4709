#include "platform/http/http_conditions.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "platform/http/http_head.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

constexpr std::size_t kSha1Bytes = 20;
/// More ranges than that are answered with the whole body.
constexpr std::size_t kMaxRanges = 64;

/// SHA-1 with a context kept per thread: fetching the algorithm anew costs more than hashing a small body.
std::array<unsigned char, kSha1Bytes> Sha1(std::string_view data) {
  struct Context {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Context() {
      EVP_MD_CTX_free(context);
      EVP_MD_free(algorithm);
    }
  };
  static thread_local const Context kContext;
  std::array<unsigned char, kSha1Bytes> digest{};
  if (EVP_DigestInit_ex(kContext.context, kContext.algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(kContext.context, data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(kContext.context, digest.data(), nullptr) != 1) {
    throw InternalError("SHA-1 is not available");
  }
  return digest;
}

std::string_view WithoutWeakMark(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

bool ListHasEtag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (WithoutWeakMark(TrimBlanks(list.substr(0, end))) == WithoutWeakMark(etag)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::optional<std::uint64_t> ParsePosition(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// First and last position of one element of a Range header, or nothing when it lies outside the body.
std::optional<std::pair<std::uint64_t, std::uint64_t>> ParseRange(std::string_view text, std::uint64_t size) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || size == 0) return std::nullopt;
  const std::string_view first_text = TrimBlanks(text.substr(0, dash)), last_text = TrimBlanks(text.substr(dash + 1));
  const auto first = ParsePosition(first_text), last = ParsePosition(last_text);
  if (!first_text.empty() && !first) return std::nullopt;
  if (!last_text.empty() && !last) return std::nullopt;
  if (!first) {
    if (!last || *last == 0) return std::nullopt;
    return std::pair(size - std::min(*last, size), size - 1);
  }
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  if (*first > end) return std::nullopt;
  return std::pair(*first, end);
}

bool RangeIsFresh(const Headers& request, const Validators& validators) {
  const auto condition = request.Find("If-Range");
  if (!condition) return true;
  // Compat: GET /assets/{id}/original: weak tags count here too, so interrupted downloads of clients resume.
  if (condition->find('"') != std::string_view::npos) {
    return !validators.etag.empty() && condition->find(validators.etag) != std::string_view::npos;
  }
  const auto date = ParseHttpDate(*condition);
  return date && validators.last_modified && *validators.last_modified <= *date;
}

}  // namespace

std::string StrongEtag(std::string_view body) {
  const auto digest = Sha1(body);
  std::array<unsigned char, 29> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), kSha1Bytes);
  return fmt::format("\"{:x}-{}\"", body.size(), std::string_view(reinterpret_cast<const char*>(base64.data()), 27));
}

std::string FileEtag(std::uint64_t size_bytes, std::int64_t modified_ns) {
  const std::int64_t rounded = modified_ns + 500'000;
  std::int64_t modified_ms = rounded / 1'000'000;
  if (rounded % 1'000'000 < 0) --modified_ms;
  return fmt::format("W/\"{:x}-{:x}\"", size_bytes, modified_ms);
}

bool IsFresh(const Headers& request, const Validators& validators) {
  const auto none_match = request.Find("If-None-Match");
  const auto modified_since = request.Find("If-Modified-Since");
  if (!none_match && !modified_since) return false;
  if (ListHasToken(request.Get("Cache-Control"), "no-cache")) return false;
  if (none_match) {
    if (*none_match == "*") return true;
    return !validators.etag.empty() && ListHasEtag(*none_match, validators.etag);
  }
  const auto date = ParseHttpDate(*modified_since);
  return date && validators.last_modified && *validators.last_modified <= *date;
}

bool FailsPrecondition(const Headers& request, const Validators& validators) {
  if (const auto match = request.Find("If-Match")) {
    return validators.etag.empty() || (*match != "*" && !ListHasEtag(*match, validators.etag));
  }
  const auto unmodified_since = request.Find("If-Unmodified-Since");
  if (!unmodified_since) return false;
  const auto date = ParseHttpDate(*unmodified_since);
  return date && (!validators.last_modified || *validators.last_modified > *date);
}

RangeDecision DecideRange(const Headers& request, const Validators& validators, std::uint64_t size_bytes) {
  RangeDecision decision;
  const auto header = request.Find("Range");
  if (!header || !header->starts_with("bytes=") || !RangeIsFresh(request, validators)) return decision;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  std::string_view list = header->substr(6);
  for (std::size_t count = 0; !list.empty(); ++count) {
    if (count == kMaxRanges) return decision;
    const std::size_t end = std::min(list.find(','), list.size());
    if (const auto range = ParseRange(list.substr(0, end), size_bytes)) ranges.push_back(*range);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  if (ranges.empty()) {
    decision.kind = RangeDecision::Kind::kUnsatisfiable;
    return decision;
  }
  std::sort(ranges.begin(), ranges.end());
  auto joined = ranges.front();
  for (const auto& range : ranges) {
    if (range.first > joined.second + 1) return decision;
    joined.second = std::max(joined.second, range.second);
  }
  decision.kind = RangeDecision::Kind::kPartial;
  decision.range = {joined.first, joined.second - joined.first + 1};
  return decision;
}

}  // namespace immich::http
