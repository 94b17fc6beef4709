#include "server/assets/asset_upload.hpp"

#include <fmt/format.h>

#include "api/assets_api.hpp"
#include "media/mime/media_types.hpp"
#include "platform/async/blocking.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/file_name.hpp"
#include "platform/fs/file_writer.hpp"
#include "platform/http/multipart.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/assets/live_photo_rules.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/storage_paths.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

constexpr std::size_t kBase64ChecksumLength = 28;
// A sidecar is text; what is larger is not one.
constexpr std::uint64_t kMaxSidecarBytes = 16ULL * 1024 * 1024;
constexpr std::size_t kMaxExtensionBytes = 16;
// Clients send a dozen fields; of those nobody knows some are tolerated.
constexpr std::size_t kMaxParts = 1000;

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Throws 400 unless one more file of `bytes` fits into what the quota leaves.
void CheckQuota(std::optional<std::int64_t> quota_left_bytes, std::uint64_t bytes) {
  if (!quota_left_bytes) return;
  if (*quota_left_bytes < 0 || bytes > static_cast<std::uint64_t>(*quota_left_bytes)) {
    throw BadRequest("Quota has been exceeded!");
  }
}

/// What a client calls a file as we keep it: the last component of a path, without control characters, cut before its
/// extension when it is longer than file systems take.
std::string CleanName(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string clean;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) clean += c;
  }
  if (clean.size() <= fs::kMaxFileNameBytes) return clean;
  const std::string extension(media::FileExtension(clean));
  if (extension.size() > kMaxExtensionBytes) return std::string(fs::CutUtf8(clean, fs::kMaxFileNameBytes));
  return std::string(fs::CutUtf8(clean, fs::kMaxFileNameBytes - extension.size())) + extension;
}

/// Does not wait for it, because a cancelled request cannot.
void RemoveLater(std::vector<std::string> files) {
  PostBlocking([files = std::move(files)] {
    for (const std::string& file : files) {
      try {
        fs::RemoveFile(file);
      } catch (const InternalError& error) {
        log::Warn("Upload", "{}", error.detail());
      }
    }
  });
}

}  // namespace

struct AssetUpload::Inserted {
  AssetId id;
  bool is_new = false;
  bool hides_live_video = false;
};

std::optional<std::vector<std::uint8_t>> ParseChecksum(std::string_view text) {
  auto bytes = text.size() == kBase64ChecksumLength ? crypto::FromBase64(text) : crypto::FromHex(text);
  return bytes && bytes->size() == crypto::Sha1Digest{}.size() ? std::move(bytes) : std::nullopt;
}

/// Receives the parts. Files go to their final folders under temporary names as they arrive; whatever is not published
/// disappears with this object.
struct AssetUpload::Upload final : http::MultipartSink {
  Upload(const AuthContext& caller, const StoragePaths& storage, std::optional<std::uint64_t> length)
      : auth(caller), paths(storage), body_length(length) {}

  Task<void> OnField(const http::PartInfo& part, std::string value) override {
    fields.emplace_back(part.name, std::move(value));
    co_return;
  }

  Task<void> OnFileBegin(const http::PartInfo& part) override {
    if (part.name == "assetData") {
      if (asset) throw BadRequest("Unexpected field");
      file_name = CleanName(FindField("filename").value_or(part.file_name.value_or("")));
      co_await BeginFile(asset, file_name, false);
    } else if (part.name == "sidecarData") {
      if (sidecar) throw BadRequest("Unexpected field");
      co_await BeginFile(sidecar, CleanName(part.file_name.value_or("")), true);
    } else {
      throw BadRequest("Unexpected field");
    }
  }

  Task<void> OnFileData(std::span<const std::uint8_t> data) override {
    fs::FileWriter& writer = receiving_sidecar ? *sidecar : *asset;
    const std::uint64_t total = writer.bytes() + data.size();
    if (receiving_sidecar && total > kMaxSidecarBytes) throw PayloadTooLarge("The sidecar is too large");
    if (!receiving_sidecar) CheckQuota(quota_left_bytes, total);
    co_await writer.Write(data);
  }

  Task<void> OnFileEnd() override {
    if (receiving_sidecar) {
      sidecar_done = co_await sidecar->Finish();
    } else {
      asset_done = co_await asset->Finish();
    }
  }

  std::optional<std::string> FindField(std::string_view name) const {
    for (const auto& [key, value] : fields) {
      if (key == name) return value;
    }
    return std::nullopt;
  }

  const AuthContext& auth;
  const StoragePaths& paths;
  const std::optional<std::uint64_t> body_length;
  /// When the upload began; the end is decided in the transaction. Nothing without a quota.
  std::optional<std::int64_t> quota_left_bytes;
  api::FormFields fields;
  std::string file_name;
  std::optional<fs::FileWriter> asset, sidecar;
  fs::FileWriter::Finished asset_done, sidecar_done;
  bool receiving_sidecar = false;
  api::UploadAsset::Form form;
  /// Files under their final names.
  std::vector<std::string> published;

 private:
  Task<void> BeginFile(std::optional<fs::FileWriter>& writer, std::string name, bool is_sidecar) {
    const media::MediaType* type = media::FindMediaTypeByPath(name);
    if (type == nullptr || (type->kind == media::MediaKind::kSidecar) != is_sidecar) {
      throw BadRequest(fmt::format("Unsupported file type {}", name));
    }
    fs::FileWriterOptions options;
    if (!is_sidecar) options.expected_bytes = body_length;
    std::string target = paths.Upload(auth.user.id, Uuid::Random(), LowerCase(media::FileExtension(name)));
    writer = co_await fs::FileWriter::Create(std::move(target), options);
    receiving_sidecar = is_sidecar;
  }
};

Task<std::optional<AssetId>> AssetUpload::FindByChecksumHeader(const AuthContext& auth, std::string_view header) {
  const auto checksum = ParseChecksum(header);
  if (!checksum) co_return std::nullopt;
  pg::Params params{auth.user.id, pg::Bytes{*checksum}};
  const pg::Result found = co_await db_.Run(sql::kAssetFindByChecksum, std::move(params));
  if (found.empty()) co_return std::nullopt;
  const AssetId known = found[0].Get<AssetId>(0);
  co_await AddToSharedLink(db_, auth, known);
  co_return known;
}

Task<UploadOutcome> AssetUpload::Receive(const AuthContext& auth, http::Request& request) {
  Upload upload(auth, paths_, request.body->length());
  if (auth.user.quota_size_bytes) {
    pg::Params user{auth.user.id};
    const pg::Result left = co_await db_.Run(sql::kUserQuotaLeft, std::move(user));
    if (!left.empty()) upload.quota_left_bytes = left[0].Find<std::int64_t>(0);
  }
  if (const auto length = request.body->length()) {
    // The body is the file plus some hundred bytes of form; far over the quota it is refused before it is read.
    constexpr std::uint64_t kFormAllowance = 1024 * 1024;
    CheckQuota(upload.quota_left_bytes, *length > kFormAllowance ? *length - kFormAllowance : 0);
  }
  co_await http::ReadMultipart(request, http::MultipartLimits{.max_parts = kMaxParts}, upload);
  if (!upload.asset) throw BadRequest("Field(s) assetData should not be empty");
  upload.form = api::UploadAsset::ParseForm(upload.fields);
  if (upload.asset_done.bytes == 0) throw BadRequest("File is empty");
  if (const auto header = request.headers.Find("x-immich-checksum"); header && !header->empty()) {
    const auto announced = ParseChecksum(*header);
    const auto& digest = upload.asset_done.sha1;
    if (!announced || !std::equal(digest.begin(), digest.end(), announced->begin(), announced->end())) {
      throw BadRequest("The checksum of the received file does not match the x-immich-checksum header");
    }
  }
  CheckQuota(upload.quota_left_bytes, upload.asset_done.bytes);
  if (upload.form.live_photo_video_id) {
    co_await RequireLiveVideo(db_, auth.user.id, AssetId(*upload.form.live_photo_video_id));
  };
  co_return co_await Commit(auth, upload);
}

Task<UploadOutcome> AssetUpload::Commit(const AuthContext& auth, Upload& upload) {
  Inserted inserted;
  try {
    co_await Publish(upload);
    inserted = co_await Insert(auth, upload);
  } catch (const pg::CommitUnknown&) {
    // The row may be there: the files stay and the integrity sweep decides.
    throw;
  } catch (...) {
    // Nothing was committed.
    RemoveLater(upload.published);
    throw;
  }
  if (inserted.is_new) {
    co_await Announce(auth, upload, inserted);
    co_return UploadOutcome{UploadOutcome::Kind::kCreated, inserted.id};
  }
  RemoveLater(upload.published);
  pg::Params params{auth.user.id, pg::Bytes{upload.asset_done.sha1}};
  const pg::Result existing = co_await db_.Run(sql::kAssetFindByChecksum, std::move(params));
  if (existing.empty()) throw InternalError("a duplicate upload lost its original meanwhile");
  const AssetId duplicate = existing[0].Get<AssetId>(0);
  co_await AddToSharedLink(db_, auth, duplicate);
  co_return UploadOutcome{UploadOutcome::Kind::kDuplicate, duplicate};
}

Task<void> AssetUpload::Publish(Upload& upload) {
  const TimePoint modified_at = upload.form.file_modified_at;
  co_await upload.asset->SetModifiedTime(modified_at);
  // Noted before it happens: a cancelled request does not stop the renaming.
  upload.published.push_back(upload.asset->target_path());
  co_await upload.asset->Publish();
  if (!upload.sidecar) co_return;
  upload.published.push_back(upload.sidecar->target_path());
  co_await upload.sidecar->Publish();
}

Task<void> AssetUpload::Announce(const AuthContext& auth, const Upload& upload, const Inserted& inserted) {
  std::vector<JobSink::Request> jobs;
  jobs.push_back(
      {.name = "AssetExtractMetadata", .data = JobDataWithSource(inserted.id.value, "upload"), .options = {}});
  co_await jobs_.EnqueueOrLog(std::move(jobs));
  if (!inserted.hides_live_video) co_return;
  std::vector<std::string> arguments{JsonId(*upload.form.live_photo_video_id)};
  co_await events_.ToUser(auth.user.id, "on_asset_hidden", std::move(arguments));
}

/// One transaction for everything the asset consists of; not new when the owner has this content already.
Task<AssetUpload::Inserted> AssetUpload::Insert(const AuthContext& auth, const Upload& upload) {
  Inserted inserted;
  inserted.id = AssetId::Random();
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    const api::UploadAsset::Form& form = upload.form;
    const media::MediaType* type = media::FindMediaTypeByPath(upload.file_name);
    const auto visibility =
        form.visibility ? std::optional(std::string(api::ToString(*form.visibility))) : std::nullopt;
    pg::Params row{inserted.id,
                   auth.user.id,
                   type->kind == media::MediaKind::kVideo ? "VIDEO" : "IMAGE",
                   upload.asset->target_path(),
                   form.file_created_at,
                   form.file_modified_at,
                   form.is_favorite.value_or(false),
                   visibility,
                   form.duration,
                   pg::Bytes{upload.asset_done.sha1},
                   form.live_photo_video_id,
                   upload.file_name};
    inserted.is_new = !(co_await tx.Run(sql::kAssetInsert, std::move(row))).empty();
    if (!inserted.is_new) co_return;
    const auto bytes = static_cast<std::int64_t>(upload.asset_done.bytes);
    pg::Params details{inserted.id, bytes};
    co_await tx.Run(sql::kAssetInsertDetails, std::move(details));
    if (upload.sidecar) {
      pg::Params sidecar{inserted.id, upload.sidecar->target_path()};
      co_await tx.Run(sql::kAssetSidecarUpsert, std::move(sidecar));
    }
    co_await InsertMetadata(tx, inserted.id, form);
    co_await AddToSharedLink(tx, auth, inserted.id);
    if (form.live_photo_video_id) {
      pg::Params hide{*form.live_photo_video_id};
      inserted.hides_live_video = !(co_await tx.Run(sql::kAssetHide, std::move(hide))).empty();
    }
    // Last, because uploads of one user wait for each other here: none of them can exceed the quota.
    pg::Params quota{auth.user.id, bytes};
    const pg::Result counted = co_await tx.Run(sql::kUserQuotaAdd, std::move(quota));
    if (counted.empty()) throw BadRequest("Quota has been exceeded!");
  });
  co_return inserted;
}

Task<void> AssetUpload::AddToSharedLink(pg::Db& db, const AuthContext& auth, AssetId asset) {
  if (!auth.shared_link) co_return;
  if (auth.shared_link->album_id) {
    pg::Params params{*auth.shared_link->album_id, asset};
    co_await db.Run(sql::kSharedLinkAlbumAdd, std::move(params));
  } else {
    pg::Params params{auth.shared_link->id, asset};
    co_await db.Run(sql::kSharedLinkAssetAdd, std::move(params));
  }
}

Task<void> AssetUpload::InsertMetadata(pg::Db& db, AssetId asset, const api::UploadAsset::Form& form) {
  if (!form.metadata || form.metadata->empty()) co_return;
  std::vector<AssetId> ids(form.metadata->size(), asset);
  std::vector<std::string> keys, values;
  for (const auto& item : *form.metadata) {
    keys.push_back(item.key);
    values.push_back(item.value.text);
  }
  pg::Params params{ids, keys, values};
  co_await db.Run(sql::kAssetMetadataUpsert, std::move(params));
}

}  // namespace immich::assets
