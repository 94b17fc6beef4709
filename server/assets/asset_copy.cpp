#include "server/assets/asset_copy.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "platform/async/blocking.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

// What is larger is no sidecar (the limit of uploads).
constexpr std::uintmax_t kMaxSidecarBytes = 16ULL * 1024 * 1024;

/// Blocking. False when there is no source.
bool CopyFile(const std::string& from, const std::string& to) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(from, error);
  if (error || size > kMaxSidecarBytes) return false;
  std::ifstream in(from, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.eof() && in.fail()) return false;
  fs::WriteFileAtomically(to, std::string_view(text));
  return true;
}

}  // namespace

Task<void> AssetCopy::Copy(const AuthContext& auth, api::AssetCopyDto request) {
  const AssetId source(request.source_id), target(request.target_id);
  if (source == target) throw BadRequest("Source and target must be two assets");
  std::vector<AssetId> both{source, target};
  co_await access_.RequireAssets(auth, api::Permission::kAssetCopy, std::move(both));
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    const auto run = [&](const pg::Statement& statement) -> Task<void> {
      pg::Params params{source, target};
      co_await tx.Run(statement, std::move(params));
    };
    if (request.albums) co_await run(sql::kCopyAlbums);
    if (request.shared_links) co_await run(sql::kCopySharedLinks);
    if (request.favorite) co_await run(sql::kCopyFavorite);
    if (request.stack) co_await CopyStack(tx, source, target);
  });
  if (request.sidecar) co_await CopySidecar(source, target);
}

/// The target joins the source's stack; a stack of its own takes the source's members in.
Task<void> AssetCopy::CopyStack(pg::Db& db, AssetId source, AssetId target) {
  pg::Params params{source, target};
  const pg::Result found = co_await db.Run(sql::kCopyStacksGet, std::move(params));
  const auto from = found[0].Find<Uuid>(0), into = found[0].Find<Uuid>(1);
  if (!from || from == into) co_return;
  if (!into) {
    pg::Params join{target, *from};
    co_await db.Run(sql::kCopyStackJoin, std::move(join));
    co_return;
  }
  pg::Params merge{*from, *into};
  co_await db.Run(sql::kCopyStackMerge, std::move(merge));
  pg::Params empty{*from};
  co_await db.Run(sql::kCopyStackDelete, std::move(empty));
}

Task<void> AssetCopy::CopySidecar(AssetId source, AssetId target) {
  pg::Params params{source, target};
  const pg::Result found = co_await db_.Run(sql::kCopySidecarsGet, std::move(params));
  if (found.empty()) co_return;
  const std::string from = found[0].Get<std::string>(0);
  const std::string to = found[0].Get<std::string>(1) + ".xmp";
  const auto before = found[0].Find<std::string>(2);
  const bool copied = co_await RunBlocking([from, to] { return CopyFile(from, to); });
  if (!copied) {
    log::Warn("Assets", "sidecar {} cannot be read and is not copied", from);
    co_return;
  }
  pg::Params stored{target, to};
  co_await db_.Run(sql::kAssetSidecarUpsert, std::move(stored));
  if (before && *before != to) {
    std::vector<std::string> obsolete{*before};
    co_await RemoveFiles(std::move(obsolete));
  }
  std::vector<JobSink::Request> jobs;
  jobs.push_back({.name = "AssetExtractMetadata", .data = JobDataWithSource(target.value, "copy"), .options = {}});
  co_await jobs_.EnqueueOrLog(std::move(jobs));
}

}  // namespace immich::assets
