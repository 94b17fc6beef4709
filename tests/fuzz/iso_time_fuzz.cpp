// Date-times of clients and of files' metadata: parsing never crashes, and what parses prints to a text that parses to
// the same millisecond.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "platform/time/time_point.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace immich;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = ParseIso(text)) {
    const auto again = ParseIso(ToIsoString(*time));
    // At the very ends of the range an offset can lead one day out of it.
    if (again && UnixMilliseconds(*again) != UnixMilliseconds(*time)) std::abort();
    ToHttpDate(*time);
  }
  if (const auto date = ParseIsoDate(text); date && ToIsoDate(*date) != text) std::abort();
  if (const auto time = ParseHttpDate(text); time && ParseHttpDate(ToHttpDate(*time)) != time) std::abort();
  return 0;
}
