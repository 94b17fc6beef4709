#include <memory>

#include "api/faces_api.hpp"
#include "api/people_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/people/face_service.hpp"
#include "server/people/people_feature.hpp"
#include "server/people/person_service.hpp"

namespace immich {

namespace {

using people::FaceService;
using people::PersonService;
using Outcomes = std::vector<api::BulkIdResponseDto>;

std::vector<PersonId> ToPersonIds(const std::vector<Uuid>& ids) {
  return {ids.begin(), ids.end()};
}

void BindReading(RouteBinder& routes, std::shared_ptr<PersonService> service) {
  routes.On<api::GetAllPeople>([service](Call& call, api::GetAllPeople::Input in) -> Task<api::PeopleResponseDto> {
    co_return co_await service->List(call.auth, std::move(in));
  });
  routes.On<api::GetPerson>([service](Call& call, api::GetPerson::Input in) -> Task<api::PersonResponseDto> {
    co_return co_await service->Get(call.auth, PersonId(in.id));
  });
  routes.On<api::GetPersonStatistics>(
      [service](Call& call, api::GetPersonStatistics::Input in) -> Task<api::PersonStatisticsResponseDto> {
        co_return co_await service->Statistics(call.auth, PersonId(in.id));
      });
  routes.OnResponse<api::GetPersonThumbnail>(
      [service](Call& call, api::GetPersonThumbnail::Input in) -> Task<http::Response> {
        http::Response response =
            http::Response::File(co_await service->Thumbnail(call.auth, PersonId(in.id)), "image/jpeg");
        response.headers.Set("Cache-Control", "private, no-cache, no-transform");
        co_return response;
      });
}

void BindWriting(RouteBinder& routes, std::shared_ptr<PersonService> service) {
  routes.On<api::CreatePerson>([service](Call& call, api::CreatePerson::Input in) -> Task<api::PersonResponseDto> {
    co_return co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::UpdatePerson>([service](Call& call, api::UpdatePerson::Input in) -> Task<api::PersonResponseDto> {
    co_return co_await service->Update(call.auth, PersonId(in.id), std::move(in.body));
  });
  routes.On<api::UpdatePeople>([service](Call& call, api::UpdatePeople::Input in) -> Task<Outcomes> {
    co_return co_await service->UpdateAll(call.auth, std::move(in.body));
  });
  routes.On<api::DeletePerson>([service](Call& call, api::DeletePerson::Input in) -> Task<void> {
    std::vector<PersonId> ids{PersonId(in.id)};
    co_await service->Delete(call.auth, std::move(ids));
  });
  routes.On<api::DeletePeople>([service](Call& call, api::DeletePeople::Input in) -> Task<void> {
    co_await service->Delete(call.auth, ToPersonIds(in.body.ids));
  });
  routes.On<api::MergePersonLegacy>([service](Call& call, api::MergePersonLegacy::Input in) -> Task<Outcomes> {
    co_return co_await service->Merge(call.auth, PersonId(in.id), ToPersonIds(in.body.ids));
  });
  routes.On<api::MergePeople>([service](Call& call, api::MergePeople::Input in) -> Task<Outcomes> {
    co_return co_await service->Merge(call.auth, ToPersonIds(in.body.ids));
  });
  routes.On<api::ReassignFaces>(
      [service](Call& call, api::ReassignFaces::Input in) -> Task<std::vector<api::PersonResponseDto>> {
        co_return co_await service->Reassign(call.auth, PersonId(in.id), std::move(in.body));
      });
}

void BindFaces(RouteBinder& routes, std::shared_ptr<FaceService> service) {
  routes.On<api::GetFaces>(
      [service](Call& call, api::GetFaces::Input in) -> Task<std::vector<api::AssetFaceResponseDto>> {
        co_return co_await service->List(call.auth, AssetId(in.id));
      });
  routes.On<api::CreateFace>([service](Call& call, api::CreateFace::Input in) -> Task<void> {
    co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::DeleteFace>([service](Call& call, api::DeleteFace::Input in) -> Task<void> {
    co_await service->Delete(call.auth, people::FaceId(in.id), in.body.force);
  });
  // Compat: PUT /faces/{id}: the path has the person, the body the face.
  routes.On<api::ReassignFacesById>(
      [service](Call& call, api::ReassignFacesById::Input in) -> Task<api::PersonResponseDto> {
        co_return co_await service->Assign(call.auth, people::FaceId(in.body.id), PersonId(in.id));
      });
}

}  // namespace

void RegisterPeople(FeatureContext& context) {
  auto people = std::make_shared<PersonService>(context.db, context.access, context.jobs);
  BindReading(context.routes, people);
  BindWriting(context.routes, people);
  BindFaces(context.routes, std::make_shared<FaceService>(context.db, context.access, context.jobs));
}

}  // namespace immich
