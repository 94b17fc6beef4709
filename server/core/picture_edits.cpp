#include "server/core/picture_edits.hpp"

#include <boost/json/value.hpp>

#include "core_sql.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace {

double NumberOf(const boost::json::object& parameters, std::string_view name) {
  const auto* value = parameters.if_contains(name);
  boost::json::error_code error;
  const double number = value == nullptr ? 0.0 : value->to_number<double>(error);
  if (value == nullptr || error) throw BadRequest("edit without " + std::string(name));
  return number;
}

}  // namespace

PictureEdits::PictureEdits(const std::vector<std::pair<std::string, std::string>>& edits, int width, int height) {
  for (const auto& [action, text] : edits) {
    const json::Document document = json::Document::Parse(text);
    if (!document.root().is_object()) throw BadRequest("edit without parameters");
    const boost::json::object& parameters = document.root().get_object();
    if (action == "crop") {
      if (width <= 0 || height <= 0) continue;
      crop_ = Crop{NumberOf(parameters, "x") / width, NumberOf(parameters, "y") / height,
                   NumberOf(parameters, "width") / width, NumberOf(parameters, "height") / height};
    } else if (action == "rotate") {
      const int turns = ((static_cast<int>(NumberOf(parameters, "angle")) / 90) % 4 + 4) % 4;
      steps_.insert(steps_.end(), static_cast<std::size_t>(turns), Step::kQuarterTurn);
    } else if (action == "mirror") {
      const auto* axis = parameters.if_contains("axis");
      const bool is_vertical = axis != nullptr && axis->is_string() && axis->get_string() == "vertical";
      steps_.push_back(is_vertical ? Step::kMirrorVertical : Step::kMirrorHorizontal);
    } else {
      throw BadRequest("unknown edit `" + action + "`");
    }
  }
}

PicturePoint PictureEdits::ToEdited(PicturePoint point) const {
  if (crop_) point = {(point.x - crop_->x) / crop_->width, (point.y - crop_->y) / crop_->height};
  for (const Step step : steps_) {
    if (step == Step::kQuarterTurn) point = {1 - point.y, point.x};
    if (step == Step::kMirrorHorizontal) point.x = 1 - point.x;
    if (step == Step::kMirrorVertical) point.y = 1 - point.y;
  }
  return point;
}

PicturePoint PictureEdits::ToOriginal(PicturePoint point) const {
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    if (*step == Step::kQuarterTurn) point = {point.y, 1 - point.x};
    if (*step == Step::kMirrorHorizontal) point.x = 1 - point.x;
    if (*step == Step::kMirrorVertical) point.y = 1 - point.y;
  }
  if (crop_) point = {crop_->x + point.x * crop_->width, crop_->y + point.y * crop_->height};
  return point;
}

std::pair<double, double> PictureEdits::EditedSize(double width, double height) const {
  if (crop_) {
    width *= crop_->width;
    height *= crop_->height;
  }
  for (const Step step : steps_) {
    if (step == Step::kQuarterTurn) std::swap(width, height);
  }
  return {width, height};
}

bool PictureEdits::Shows(PicturePoint point) const {
  const PicturePoint edited = ToEdited(point);
  return edited.x >= 0 && edited.x <= 1 && edited.y >= 0 && edited.y <= 1;
}

Task<PictureEdits> LoadPictureEdits(pg::Db& db, AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db.Run(sql::kPictureEditsGet, std::move(params));
  if (rows.empty()) co_return PictureEdits();
  std::vector<std::pair<std::string, std::string>> edits;
  int width = 0, height = 0;
  for (const pg::Row row : rows) {
    edits.emplace_back(row.Get<std::string>(0), row.Get<std::string>(1));
    width = row.Find<int>(2).value_or(0);
    height = row.Find<int>(3).value_or(0);
  }
  co_return PictureEdits(edits, width, height);
}

}  // namespace immich
