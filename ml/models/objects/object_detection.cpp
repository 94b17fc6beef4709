#include "ml/models/objects/object_detection.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/imaging/rgb_resampler.hpp"
#include "ml/models/model_config.hpp"
#include "ml/models/objects/object_box.hpp"
#include "ml/models/objects/object_head.hpp"
#include "ml/models/objects/object_labels.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

constexpr int kDefaultInputPx = 640;
constexpr double kDefaultMinScore = 0.25;
constexpr float kMaxOverlap = 0.5F;
/// The grey that surrounds letterboxed pictures in training.
constexpr std::uint8_t kLetterboxGrey = 114;

/// Where the picture lies in the input: input = picture × scale + offset.
struct Placement {
  double scale_x = 1;
  double scale_y = 1;
  double offset_x = 0;
  double offset_y = 0;
};

struct PreparedObjects final : Prepared {
  Tensor input;
  Placement placement;
  float width = 0;
  float height = 0;
  float min_score = 0;
  std::vector<Tensor> outputs;
};

struct FoundObject {
  std::string label;
  ObjectBox box;
};

class FoundObjects final : public ModelOutput {
 public:
  explicit FoundObjects(std::vector<FoundObject> objects) : objects_(std::move(objects)) {}
  std::string ToJson() const override {
    std::string out = "[";
    for (const auto& [label, box] : objects_) {
      out += "{\"label\":";
      json::AppendString(out, label);
      out += ",\"score\":";
      json::AppendDouble(out, box.score);
      out += ",\"boundingBox\":{";
      for (const auto& [name, edge] : {std::pair{"\"x1\":", box.x1}, std::pair{"\"y1\":", box.y1},
                                       std::pair{"\"x2\":", box.x2}, std::pair{"\"y2\":", box.y2}}) {
        out += name;
        json::AppendDouble(out, edge);
        out += ',';
      }
      json::EndObject(out);
      out += "},";
    }
    json::EndArray(out);
    return out;
  }

 private:
  std::vector<FoundObject> objects_;
};

/// What the graph and preprocess_cfg.json say about pictures.
struct ObjectPreprocessing {
  int width = kDefaultInputPx;
  int height = kDefaultInputPx;
  bool channels_last = false;
  bool letterbox = true;
  PixelScale scale;
};

std::array<float, 3> ReadChannels(const boost::json::value& value, std::array<float, 3> fallback) {
  const auto* list = value.if_array();
  for (std::size_t i = 0; list != nullptr && i < std::min<std::size_t>(3, list->size()); ++i) {
    if ((*list)[i].is_number()) fallback[i] = static_cast<float>((*list)[i].to_number<double>());
  }
  return fallback;
}

ObjectPreprocessing ReadPreprocessing(const ModelFolder& folder, const TensorInfo& input) {
  if (input.shape.size() != 4) throw ModelLoadError("the shape of \"" + input.name + "\" is not that of pictures");
  ObjectPreprocessing read;
  read.channels_last = input.shape[3] == 3;
  const std::size_t height_axis = read.channels_last ? 1 : 2;
  CheckShape(input, read.channels_last ? Shape{1, -1, -1, 3} : Shape{1, 3, -1, -1}, "one picture");
  const boost::json::value config = ReadModelConfig(folder.type / "preprocess_cfg.json");
  const boost::json::value& size = FindMember(config, {"size"});
  const auto* px = size.is_array() && !size.get_array().empty() ? size.get_array().front().if_int64() : size.if_int64();
  constexpr std::int64_t kMaxPx = 4096;
  if (px != nullptr && *px > 0 && *px <= kMaxPx) read.width = read.height = static_cast<int>(*px);
  if (input.shape[height_axis] > 0) read.height = static_cast<int>(input.shape[height_axis]);
  if (input.shape[height_axis + 1] > 0) read.width = static_cast<int>(input.shape[height_axis + 1]);
  // Graphs with channels last come from TensorFlow: whole pixels, stretched; the others from PyTorch: 0 to 1,
  // letterboxed.
  read.letterbox = !read.channels_last;
  read.scale.divisor = read.channels_last ? 1 : 255;
  const auto* mode = FindMember(config, {"resize_mode"}).if_string();
  if (mode != nullptr) read.letterbox = *mode == "letterbox";
  const boost::json::value& divisor = FindMember(config, {"divisor"});
  if (divisor.is_number()) read.scale.divisor = static_cast<float>(divisor.to_number<double>());
  read.scale.mean = ReadChannels(FindMember(config, {"mean"}), read.scale.mean);
  read.scale.deviation = ReadChannels(FindMember(config, {"std"}), read.scale.deviation);
  return read;
}

class ObjectDetection final : public ModelTask {
 public:
  ObjectDetection(const ModelFolder& folder, std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)),
        wanted_(ReadPreprocessing(folder, session_->Inputs().front())),
        labels_(ReadObjectLabels(folder, *session_)),
        head_(FindObjectHead(session_->Outputs(), labels_.size())) {
    if (labels_.empty()) labels_.assign(CocoLabels().begin(), CocoLabels().end());
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                    const ModelOutput*) const override {
    ImageInput& image = NeedImage(input);
    auto prepared = std::make_unique<PreparedObjects>();
    prepared->min_score = static_cast<float>(NumberOption(options, "minScore", kDefaultMinScore, 0, 1));
    prepared->width = static_cast<float>(image.width());
    prepared->height = static_cast<float>(image.height());
    prepared->input = FillInput(Place(image, prepared->placement));
    return prepared;
  }

  void Infer(std::span<Prepared* const> batch) const override {
    for (Prepared* one : batch) {
      auto& prepared = static_cast<PreparedObjects&>(*one);
      prepared.outputs = session_->Run(std::span(&prepared.input, 1));
    }
  }

  std::unique_ptr<ModelOutput> Finish(Prepared& one) const override {
    const auto& prepared = static_cast<const PreparedObjects&>(one);
    std::vector<ObjectBox> boxes =
        ReadObjectBoxes(head_, prepared.outputs, prepared.min_score, wanted_.width, wanted_.height);
    const Placement& at = prepared.placement;
    for (ObjectBox& box : boxes) {
      const auto to_x = [&](float x) {
        return std::clamp(static_cast<float>((x - at.offset_x) / at.scale_x), 0.0F, prepared.width);
      };
      const auto to_y = [&](float y) {
        return std::clamp(static_cast<float>((y - at.offset_y) / at.scale_y), 0.0F, prepared.height);
      };
      box = {to_x(box.x1), to_y(box.y1), to_x(box.x2), to_y(box.y2), box.score, box.label};
    }
    std::vector<FoundObject> found;
    for (const ObjectBox& box : SuppressPerLabel(std::move(boxes), kMaxOverlap)) {
      const auto label = static_cast<std::size_t>(box.label);
      const bool named = box.label >= 0 && label < labels_.size() && !labels_[label].empty();
      if (named && box.x2 > box.x1 && box.y2 > box.y1) found.push_back({labels_[label], box});
    }
    return std::make_unique<FoundObjects>(std::move(found));
  }

 private:
  /// The picture as the input wants it, 8 bits a channel.
  RgbImage Place(ImageInput& image, Placement& placement) const {
    placement.scale_x = static_cast<double>(wanted_.width) / image.width();
    placement.scale_y = static_cast<double>(wanted_.height) / image.height();
    if (wanted_.letterbox) placement.scale_x = placement.scale_y = std::min(placement.scale_x, placement.scale_y);
    const int width = std::clamp(static_cast<int>(image.width() * placement.scale_x + 0.5), 1, wanted_.width);
    const int height = std::clamp(static_cast<int>(image.height() * placement.scale_y + 0.5), 1, wanted_.height);
    const auto pixels = image.Decode(image.width() < image.height() ? width : height);
    RgbImage scaled = Resample(*pixels, width, height, ResampleFilter::kBilinear);
    if (width == wanted_.width && height == wanted_.height) return scaled;
    const int left = (wanted_.width - width) / 2;
    const int top = (wanted_.height - height) / 2;
    placement.offset_x = left;
    placement.offset_y = top;
    RgbImage placed = RgbImage::Make(wanted_.width, wanted_.height);
    std::fill(placed.pixels.begin(), placed.pixels.end(), kLetterboxGrey);
    for (int y = 0; y < height; ++y) {
      std::copy_n(scaled.Row(y), static_cast<std::size_t>(width) * 3, placed.Row(top + y) + left * 3);
    }
    return placed;
  }

  Tensor FillInput(const RgbImage& image) const {
    const ElementType type = session_->Inputs().front().type;
    if (!wanted_.channels_last) {
      Tensor tensor = Tensor::Make<float>({1, 3, wanted_.height, wanted_.width});
      FillPlanes(image, wanted_.scale, wanted_.width, wanted_.height, tensor.As<float>());
      return type == ElementType::kUint8 ? tensor.ConvertedTo(type) : tensor;
    }
    Tensor tensor = Tensor::Make<std::uint8_t>({1, wanted_.height, wanted_.width, 3});
    std::copy(image.pixels.begin(), image.pixels.end(), tensor.As<std::uint8_t>().begin());
    if (type == ElementType::kUint8) return tensor;
    tensor = tensor.ConvertedTo(ElementType::kFloat32);
    std::size_t channel = 0;
    for (float& value : tensor.As<float>()) {
      value = (value / wanted_.scale.divisor - wanted_.scale.mean[channel]) / wanted_.scale.deviation[channel];
      channel = (channel + 1) % 3;
    }
    return tensor;
  }

  std::shared_ptr<InferenceSession> session_;
  ObjectPreprocessing wanted_;
  std::vector<std::string> labels_;
  ObjectHead head_;
};

}  // namespace

std::unique_ptr<ModelTask> MakeObjectDetection(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<ObjectDetection>(folder, std::move(session));
}

}  // namespace immich::ml
