#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// People and faces.
void RegisterPeople(FeatureContext& context);
/// Face detection and recognition, pictures of persons, PersonCleanup.
void RegisterPeopleJobs(WorkerContext& context);

}  // namespace immich
