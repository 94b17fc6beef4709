#pragma once

#include <unordered_set>
#include <vector>

#include "api/shared_types.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich {

/// One line of the answer to a request about several ids (facts: assets, "Bulk id results").
inline api::BulkIdResponseDto BulkSuccess(const Uuid& id) {
  api::BulkIdResponseDto result;
  result.id = id;
  result.success = true;
  return result;
}

inline api::BulkIdResponseDto BulkFailure(const Uuid& id, api::BulkIdErrorReason reason) {
  api::BulkIdResponseDto result;
  result.id = id;
  result.error = reason;
  return result;
}

/// What happens to the ids of a request, and the answer in the order of the request.
struct BulkPlan {
  std::vector<Uuid> accepted;
  std::vector<api::BulkIdResponseDto> results;

  template <class IdType>
  std::vector<IdType> AcceptedAs() const {
    return {accepted.begin(), accepted.end()};
  }
};

/// Adding: what is there already is a duplicate, a repeated id too; the rest needs to be allowed.
template <class IdType>
BulkPlan PlanAdding(const std::vector<Uuid>& wanted, const std::vector<IdType>& present,
                    const std::vector<IdType>& allowed) {
  std::unordered_set<IdType> seen(present.begin(), present.end());
  const std::unordered_set<IdType> permitted(allowed.begin(), allowed.end());
  BulkPlan plan;
  for (const Uuid& id : wanted) {
    if (seen.contains(IdType(id))) {
      plan.results.push_back(BulkFailure(id, api::BulkIdErrorReason::kDuplicate));
    } else if (!permitted.contains(IdType(id))) {
      plan.results.push_back(BulkFailure(id, api::BulkIdErrorReason::kNoPermission));
    } else {
      seen.insert(IdType(id));
      plan.accepted.push_back(id);
      plan.results.push_back(BulkSuccess(id));
    }
  }
  return plan;
}

/// Taking away: only what is there can go, once.
template <class IdType>
BulkPlan PlanRemoving(const std::vector<Uuid>& wanted, const std::vector<IdType>& present) {
  std::unordered_set<IdType> left(present.begin(), present.end());
  BulkPlan plan;
  for (const Uuid& id : wanted) {
    if (left.erase(IdType(id)) == 0) {
      plan.results.push_back(BulkFailure(id, api::BulkIdErrorReason::kNotFound));
    } else {
      plan.accepted.push_back(id);
      plan.results.push_back(BulkSuccess(id));
    }
  }
  return plan;
}

}  // namespace immich
