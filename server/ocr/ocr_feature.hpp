#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// GET /assets/{id}/ocr.
void RegisterOcr(FeatureContext& context);
/// Jobs Ocr and OcrQueueAll.
void RegisterOcrJobs(WorkerContext& context);

}  // namespace immich
