#include "server/duplicates/group_merge.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace immich::duplicates {

namespace {

int Restriction(std::string_view visibility) {
  if (visibility == "locked") return 3;
  if (visibility == "archive") return 2;
  return visibility == "timeline" ? 1 : 0;
}

void AddLines(std::vector<std::string>& lines, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string line(text.substr(0, end));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    if (!line.empty() && std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace

MergedFacts MergeFacts(const std::vector<GroupMember>& members) {
  MergedFacts merged;
  std::vector<std::string> lines;
  bool places_differ = false;
  for (const GroupMember& member : members) {
    merged.is_favorite |= member.is_favorite;
    if (merged.visibility.empty() || Restriction(member.visibility) > Restriction(merged.visibility)) {
      merged.visibility = member.visibility;
    }
    if (member.rating && (!merged.rating || *member.rating > *merged.rating)) merged.rating = member.rating;
    if (member.description) AddLines(lines, *member.description);
    if (!member.latitude || !member.longitude) continue;
    places_differ |= merged.latitude && (merged.latitude != member.latitude || merged.longitude != member.longitude);
    merged.latitude = member.latitude;
    merged.longitude = member.longitude;
  }
  if (places_differ) merged.latitude = merged.longitude = std::nullopt;
  for (const std::string& line : lines) merged.description += (merged.description.empty() ? "" : "\n") + line;
  return merged;
}

Uuid SuggestKeeper(const std::vector<KeepCandidate>& assets) {
  const auto best = std::ranges::max_element(
      assets, {}, [](const KeepCandidate& asset) { return std::pair(asset.size_bytes, asset.known_facts); });
  return best->id;
}

}  // namespace immich::duplicates
