#include "ml/models/ocr/text_detection.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/imaging/rgb_resampler.hpp"
#include "ml/models/model_config.hpp"
#include "ml/models/ocr/db_decoder.hpp"
#include "ml/models/ocr/text_box.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

constexpr double kDefaultMinScore = 0.5;
constexpr double kDefaultResolution = 736;
constexpr double kMaxResolution = 8192;
/// Edges of the input are multiples of it; pictures with a shorter edge hold no text.
constexpr int kGrid = 32;
/// Longest edge of an input: beyond, a panorama would take gigabytes.
constexpr int kMaxInputPx = 8192;
/// Compat: /predict ocr: 0.5 is subtracted from values of 0 to 255, so the range is 0 to 2 instead of -1 to 1.
constexpr PixelScale kScale{
    .divisor = 1, .mean = {0.5F, 0.5F, 0.5F}, .deviation = {127.5F, 127.5F, 127.5F}, .channels = {2, 1, 0}};

struct PreparedText final : Prepared {
  Tensor input;
  int width = 0;
  int height = 0;
  float min_score = 0;
  Tensor probabilities;
  std::size_t rows() const override { return input.shape().size() == 4 ? 1 : 0; }
};

int OnGrid(int edge, double ratio) {
  const auto cells = static_cast<int>(std::nearbyint(edge * ratio / kGrid));
  return std::clamp(cells * kGrid, kGrid, kMaxInputPx);
}

class TextDetection final : public ModelTask {
 public:
  explicit TextDetection(std::shared_ptr<InferenceSession> session) : session_(std::move(session)) {
    CheckShape(session_->Inputs().front(), {-1, 3, -1, -1}, "pictures of any size");
    CheckShape(session_->Outputs().front(), {-1, 1, -1, -1}, "a map of probabilities");
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                    const ModelOutput*) const override {
    ImageInput& image = NeedImage(input);
    auto prepared = std::make_unique<PreparedText>();
    prepared->min_score = static_cast<float>(NumberOption(options, "minScore", kDefaultMinScore, 0, 1));
    const double resolution = NumberOption(options, "maxResolution", kDefaultResolution, 1, kMaxResolution);
    prepared->width = image.width();
    prepared->height = image.height();
    const int shorter = std::min(image.width(), image.height());
    if (shorter < kGrid) return prepared;
    const double ratio = std::min(1.0, resolution / shorter);
    const Shape& wanted = session_->Inputs().front().shape;
    const int height = wanted[2] > 0 ? static_cast<int>(wanted[2]) : OnGrid(image.height(), ratio);
    const int width = wanted[3] > 0 ? static_cast<int>(wanted[3]) : OnGrid(image.width(), ratio);
    const auto pixels = image.Decode(std::min(width, height));
    prepared->input = Tensor::Make<float>({1, 3, height, width});
    FillPlanes(Resample(*pixels, width, height, ResampleFilter::kLanczos), kScale, width, height,
               prepared->input.As<float>());
    return prepared;
  }

  void Infer(std::span<Prepared* const> batch) const override {
    for (Prepared* one : batch) {
      auto& prepared = static_cast<PreparedText&>(*one);
      if (prepared.rows() > 0) prepared.probabilities = session_->Run(std::span(&prepared.input, 1)).at(0);
    }
  }

  std::unique_ptr<ModelOutput> Finish(Prepared& one) const override {
    const auto& prepared = static_cast<const PreparedText&>(one);
    if (prepared.rows() == 0) return std::make_unique<TextBoxes>(std::vector<TextBox>());
    const Tensor& map = prepared.probabilities;
    if (map.shape().size() != 4 || map.dim(0) != 1 || map.dim(1) != 1)
      throw InternalError("the graph gave no map of text");
    DbSettings settings;
    settings.min_box_score = prepared.min_score;
    auto boxes = DecodeTextBoxes(map.As<float>(), static_cast<int>(map.dim(3)), static_cast<int>(map.dim(2)),
                                 prepared.width, prepared.height, settings);
    SortForReading(boxes);
    return std::make_unique<TextBoxes>(std::move(boxes));
  }

 private:
  std::shared_ptr<InferenceSession> session_;
};

}  // namespace

void SortForReading(std::vector<TextBox>& boxes) {
  constexpr double kLineGap = 10;
  std::sort(boxes.begin(), boxes.end(),
            [](const TextBox& a, const TextBox& b) { return a.corners[0].y < b.corners[0].y; });
  for (auto line = boxes.begin(); line != boxes.end();) {
    auto end = line + 1;
    while (end != boxes.end() && end->corners[0].y - (end - 1)->corners[0].y < kLineGap) ++end;
    std::sort(line, end, [](const TextBox& a, const TextBox& b) { return a.corners[0].x < b.corners[0].x; });
    line = end;
  }
}

std::string TextBoxes::ToJson() const {
  std::string boxes, scores;
  for (const TextBox& box : boxes_) {
    boxes += '[';
    for (const Point2& corner : box.corners) {
      boxes += NumbersAsText(std::array{static_cast<float>(corner.x), static_cast<float>(corner.y)}) + ",";
    }
    boxes.back() = ']';
    boxes += ',';
    json::AppendDouble(scores, box.score);
    scores += ',';
  }
  std::string out = "{\"boxes\":[" + boxes;
  json::EndArray(out);
  out += ",\"scores\":[" + scores;
  json::EndArray(out);
  return out + "}";
}

std::unique_ptr<ModelTask> MakeTextDetection(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<TextDetection>(std::move(session));
}

}  // namespace immich::ml
