#include <memory>

#include "api/timeline_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/timeline/timeline_feature.hpp"
#include "server/timeline/timeline_service.hpp"

namespace immich {

namespace {

template <class T>
std::optional<T> ToId(const std::optional<Uuid>& id) {
  return id ? std::optional<T>(T(*id)) : std::nullopt;
}

/// Both operations have the same parameters.
template <class Input>
timeline::TimelineRequest ToRequest(const Input& input) {
  timeline::TimelineRequest request;
  request.user = ToId<UserId>(input.user_id);
  request.album = ToId<AlbumId>(input.album_id);
  request.person = ToId<PersonId>(input.person_id);
  request.tag = ToId<TagId>(input.tag_id);
  request.is_favorite = input.is_favorite;
  request.is_trashed = input.is_trashed;
  request.with_stacked = input.with_stacked;
  request.with_partners = input.with_partners;
  request.with_coordinates = input.with_coordinates;
  if (input.visibility) request.visibility = std::string(api::ToString(*input.visibility));
  request.bounding_box = input.bbox.value_or("");
  request.ascending = input.order == api::AssetOrder::kAsc;
  request.by_created_at = input.order_by == api::AssetOrderBy::kCreatedAt;
  return request;
}

}  // namespace

void RegisterTimeline(FeatureContext& context) {
  auto service = std::make_shared<timeline::TimelineService>(context.db, context.access, context.library);
  context.routes.OnResponse<api::GetTimeBuckets>(
      [service](Call& call, api::GetTimeBuckets::Input input) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Buckets(call.auth, ToRequest(input));
        co_return co_await http::KeptBody::Respond(call.request, 200, body);
      });
  context.routes.OnResponse<api::GetTimeBucket>(
      [service](Call& call, api::GetTimeBucket::Input input) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Bucket(call.auth, ToRequest(input), input.time_bucket);
        co_return co_await http::KeptBody::Respond(call.request, 200, body);
      });
}

}  // namespace immich
