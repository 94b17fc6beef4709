// JSON of clients: parsing, writing again, merging. Depth, broken UTF-8, numbers beyond every range.
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/error/error.hpp"
#include "platform/json/json_merge.hpp"
#include "platform/json/json_parse.hpp"

namespace {

std::string Written(const immich::json::Document& document) {
  std::string out;
  immich::json::AppendValue(out, document.root());
  return out;
}

/// What was written parses, and is written the same again.
std::string CheckStable(std::string_view text) {
  const std::string once = Written(immich::json::Document::Parse(text));
  if (Written(immich::json::Document::Parse(once)) != once) std::abort();
  return once;
}

/// Merging the differences over the base gives the value again, up to members only the base has.
void CheckMerge(const std::string& base, const std::string& value) {
  const std::string whole = immich::json::MergeText(base, value);
  const std::string difference = immich::json::DifferenceText(base, whole);
  if (whole.front() != '{' || base.front() != '{') return;
  if (immich::json::Document::Parse(immich::json::MergeText(base, difference)).root() !=
      immich::json::Document::Parse(whole).root()) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('\n');
  try {
    const std::string first = CheckStable(text.substr(0, cut));
    if (cut != std::string_view::npos) CheckMerge(first, CheckStable(text.substr(cut + 1)));
  } catch (const immich::BadRequest&) {
    return 0;
  }
  return 0;
}
