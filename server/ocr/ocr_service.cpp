#include "server/ocr/ocr_service.hpp"

#include <array>

#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/picture_edits.hpp"
#include "server/core/search_tokens.hpp"
#include "server/core/system_config.hpp"
#include "slice_ocr_sql.hpp"

namespace immich::ocr {

namespace {

constexpr std::size_t kCoordinates = 8;
// Column of x1 in ocr_lines_list.sql.
constexpr int kFirstCoordinate = 2;

bool IsOn(const api::AdminConfigMachineLearningDto& config) {
  return config.enabled && config.ocr.enabled;
}

bool IsShown(const FoundText& line, const PictureEdits& edits) {
  double x = 0, y = 0;
  for (std::size_t i = 0; i < kCoordinates; i += 2) {
    x += line.corners[i] / 4;
    y += line.corners[i + 1] / 4;
  }
  return edits.Shows({x, y});
}

std::string TokensOf(const std::vector<FoundText>& lines) {
  std::string text;
  for (const FoundText& line : lines) text += line.text + "\n";
  return ToSearchTokens(text);
}

/// PostgreSQL stores no U+0000.
std::string WithoutNul(std::string text) {
  std::erase(text, '\0');
  return text;
}

Task<void> InsertLines(pg::Db& db, AssetId asset, const std::vector<FoundText>& lines, const PictureEdits& edits) {
  std::array<std::vector<double>, kCoordinates> corners;
  std::vector<double> box_scores, text_scores;
  std::vector<std::string> texts, shown;
  for (const FoundText& line : lines) {
    for (std::size_t i = 0; i < kCoordinates; ++i) corners[i].push_back(line.corners[i]);
    box_scores.push_back(line.box_score);
    text_scores.push_back(line.text_score);
    texts.push_back(WithoutNul(line.text));
    shown.emplace_back(IsShown(line, edits) ? "true" : "false");
  }
  pg::Params params{asset};
  for (const std::vector<double>& values : corners) params.Add(values);
  params.Add(box_scores).Add(text_scores).Add(texts).Add(shown);
  co_await db.Run(sql::kOcrLinesInsert, std::move(params));
}

}  // namespace

Task<std::vector<api::AssetOcrResponseDto>> OcrView::List(const AuthContext& auth, AssetId asset) {
  co_await access_.RequireAsset(auth, api::Permission::kAssetRead, asset);
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kOcrLinesList, std::move(params));
  PictureEdits edits;
  if (!rows.empty()) edits = co_await LoadPictureEdits(db_, asset);
  std::vector<api::AssetOcrResponseDto> lines;
  for (const pg::Row row : rows) {
    api::AssetOcrResponseDto& line = lines.emplace_back();
    line.id = row.Get<Uuid>(0);
    line.asset_id = row.Get<Uuid>(1);
    double* const x[] = {&line.x1, &line.x2, &line.x3, &line.x4};
    double* const y[] = {&line.y1, &line.y2, &line.y3, &line.y4};
    for (int i = 0; i < 4; ++i) {
      const int column = kFirstCoordinate + 2 * i;
      const PicturePoint point = edits.ToEdited({row.Get<double>(column), row.Get<double>(column + 1)});
      *x[i] = point.x;
      *y[i] = point.y;
    }
    line.box_score = row.Get<double>(10);
    line.text_score = row.Get<double>(11);
    line.text = row.Get<std::string>(12);
  }
  co_return lines;
}

Task<void> OcrService::Store(AssetId asset, const std::vector<FoundText>& lines) {
  const std::string tokens = WithoutNul(TokensOf(lines));
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params lock{asset};
    const pg::Result found = co_await tx.Run(sql::kOcrAssetLock, std::move(lock));
    if (found.empty()) co_return;
    const PictureEdits edits = co_await LoadPictureEdits(tx, asset);
    pg::Params forget{asset};
    co_await tx.Run(sql::kOcrLinesDelete, std::move(forget));
    if (!lines.empty()) co_await InsertLines(tx, asset, lines, edits);
    pg::Params search{asset};
    if (!tokens.empty()) search.Add(tokens);
    co_await tx.Run(tokens.empty() ? sql::kOcrSearchDelete : sql::kOcrSearchUpsert, std::move(search));
    pg::Params done{asset};
    co_await tx.Run(sql::kOcrDone, std::move(done));
  });
}

Task<JobResult> OcrService::Read(AssetId asset) {
  const auto config = config_.current().machine_learning;
  if (!IsOn(config)) co_return JobResult::Skipped();
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kOcrSourceGet, std::move(params));
  if (rows.empty() || rows[0].Get<std::string_view>(0) == "hidden") co_return JobResult::Skipped();
  if (rows[0].IsNull(1)) throw InternalError("no preview to read");
  TextReadingOptions options;
  options.model = config.ocr.model_name;
  options.min_detection_score = config.ocr.min_detection_score;
  options.min_recognition_score = config.ocr.min_recognition_score;
  options.max_resolution_px = config.ocr.max_resolution;
  const std::vector<FoundText> lines = co_await ml_->ReadText(rows[0].Get<std::string>(1), std::move(options));
  co_await Store(asset, lines);
  co_return JobResult::Success();
}

Task<JobResult> OcrService::QueueAll(bool all) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  if (all) co_await db_.Run(sql::kOcrForgetAll);
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kOcrAssetsList, std::move(params), "Ocr");
  co_return JobResult::Success();
}

}  // namespace immich::ocr
