#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Notifications in clients and by mail.
void RegisterNotifications(FeatureContext& context);
void RegisterNotificationJobs(WorkerContext& context);

}  // namespace immich
