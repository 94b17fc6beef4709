#include <memory>

#include "api/download_api.hpp"
#include "platform/async/blocking.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/download/download_feature.hpp"
#include "server/download/download_service.hpp"

namespace immich {

namespace {

/// Sends the archive while it is made: one piece in memory, disk work on the blocking pool.
http::Response StreamArchive(std::vector<download::ZipEntry> entries) {
  auto zip = std::make_shared<download::ZipStream>(std::move(entries));
  return http::Response::Stream("application/octet-stream", [zip](http::BodyWriter& writer) -> Task<void> {
    for (;;) {
      const auto next = [zip] {
        std::string piece;
        zip->Next(piece);
        return piece;
      };
      const std::string piece = co_await RunBlocking(next);
      if (piece.empty()) co_return;
      co_await writer.Write(piece);
    }
  });
}

}  // namespace

void RegisterDownload(FeatureContext& context) {
  auto service = std::make_shared<download::DownloadService>(context.db, context.access, context.paths);
  context.routes.On<api::GetDownloadInfo>(
      [service](Call& call, api::GetDownloadInfo::Input in) -> Task<api::DownloadResponseDto> {
        co_return co_await service->Plan(call.auth, std::move(in.body));
      });
  context.routes.OnResponse<api::DownloadArchive>(
      [service](Call& call, api::DownloadArchive::Input in) -> Task<http::Response> {
        co_return StreamArchive(co_await service->Collect(call.auth, std::move(in.body)));
      });
}

}  // namespace immich
