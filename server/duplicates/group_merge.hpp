#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/core/ids.hpp"

namespace immich::duplicates {

/// What an asset of a group brings along.
struct GroupMember {
  AssetId id;
  bool is_favorite = false;
  std::string visibility = "timeline";
  std::optional<std::string> description;
  std::optional<int> rating;
  std::optional<double> latitude, longitude;
};

/// What the asset that is kept takes over.
struct MergedFacts {
  bool is_favorite = false;
  /// The most restrictive: locked, archive, timeline.
  std::string visibility;
  /// Every line once.
  std::string description;
  std::optional<int> rating;
  /// Where all that have a place agree.
  std::optional<double> latitude, longitude;
};

MergedFacts MergeFacts(const std::vector<GroupMember>& members);

/// The asset one would keep: the largest file, then the most metadata. `assets` must not be empty.
struct KeepCandidate {
  Uuid id;
  std::int64_t size_bytes = 0;
  int known_facts = 0;
};
Uuid SuggestKeeper(const std::vector<KeepCandidate>& assets);

}  // namespace immich::duplicates
