#include "platform/json/json_merge.hpp"

#include <boost/json/value.hpp>
#include <utility>

#include "platform/json/json_parse.hpp"

namespace immich::json {

void Merge(boost::json::value& target, const boost::json::value& patch) {
  if (!target.is_object() || !patch.is_object()) {
    target = patch;
    return;
  }
  auto& members = target.get_object();
  for (const auto& [key, value] : patch.get_object()) {
    if (auto* const existing = members.if_contains(key)) {
      Merge(*existing, value);
    } else {
      members.emplace(key, value);
    }
  }
}

void KeepDifferences(boost::json::value& value, const boost::json::value& base) {
  if (!value.is_object() || !base.is_object()) return;
  auto& members = value.get_object();
  boost::json::object kept(value.storage());
  for (auto& member : members) {
    const auto* const before = base.get_object().if_contains(member.key());
    if (before) {
      if (member.value() == *before) continue;
      const bool descend = member.value().is_object() && before->is_object();
      KeepDifferences(member.value(), *before);
      if (descend && member.value().get_object().empty()) continue;
    }
    kept.emplace(member.key(), std::move(member.value()));
  }
  members = std::move(kept);
}

std::string MergeText(std::string_view base, std::string_view patch) {
  const Document target = Document::Parse(base);
  const Document changes = Document::Parse(patch);
  Merge(target.root(), changes.root());
  std::string out;
  AppendValue(out, target.root());
  return out;
}

std::string DifferenceText(std::string_view base, std::string_view value) {
  const Document before = Document::Parse(base);
  const Document after = Document::Parse(value);
  KeepDifferences(after.root(), before.root());
  std::string out;
  AppendValue(out, after.root());
  return out;
}

}  // namespace immich::json
