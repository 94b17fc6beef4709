#include "ml/models/faces/face_detection.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/imaging/rgb_resampler.hpp"
#include "ml/models/faces/face_boxes.hpp"
#include "ml/models/faces/scrfd_decoder.hpp"
#include "ml/models/model_config.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

constexpr int kDefaultInputPx = 640;
constexpr double kDefaultMinScore = 0.7;
constexpr float kMaxOverlap = 0.4F;
constexpr std::array<int, 3> kStrides{8, 16, 32};
constexpr PixelScale kScale{.divisor = 1, .mean = {127.5F, 127.5F, 127.5F}, .deviation = {128, 128, 128}};

struct PreparedFaces final : Prepared {
  Tensor input;
  /// Input pixels per pixel of the picture.
  float scale = 1;
  float min_score = 0;
  std::vector<Tensor> outputs;
};

/// Outputs of the graph by what they hold, each from the finest stride to the coarsest.
struct ScrfdPorts {
  std::vector<std::size_t> scores;
  std::vector<std::size_t> edges;
  std::vector<std::size_t> landmarks;
};

ScrfdPorts FindPorts(const InferenceSession& session) {
  ScrfdPorts ports;
  const auto& outputs = session.Outputs();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::int64_t width = outputs[i].shape.empty() ? 0 : outputs[i].shape.back();
    if (width == 1) ports.scores.push_back(i);
    if (width == 4) ports.edges.push_back(i);
    if (width == 10) ports.landmarks.push_back(i);
  }
  if (ports.scores.size() != kStrides.size() || ports.edges.size() != kStrides.size() ||
      ports.landmarks.size() != kStrides.size()) {
    throw ModelLoadError("the outputs are not those of SCRFD with landmarks: scores, boxes and landmarks of 3 strides");
  }
  // By the number of anchors where the graph declares it.
  const auto anchors = [&](std::size_t port) {
    const Shape& shape = outputs[port].shape;
    return shape.size() < 2 ? -1 : shape[shape.size() - 2];
  };
  for (auto* list : {&ports.scores, &ports.edges, &ports.landmarks}) {
    std::sort(list->begin(), list->end(),
              [&](std::size_t a, std::size_t b) { return anchors(a) != anchors(b) ? anchors(a) > anchors(b) : a < b; });
  }
  return ports;
}

class FaceDetection final : public ModelTask {
 public:
  explicit FaceDetection(std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)), ports_(FindPorts(*session_)) {
    const TensorInfo& input = session_->Inputs().front();
    CheckShape(input, {1, 3, -1, -1}, "one picture");
    if (input.shape[2] > 0) height_ = static_cast<int>(input.shape[2]);
    if (input.shape[3] > 0) width_ = static_cast<int>(input.shape[3]);
    if (width_ % kStrides.back() != 0 || height_ % kStrides.back() != 0) {
      throw ModelLoadError("the size of the input is not a multiple of the largest stride");
    }
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                    const ModelOutput*) const override {
    ImageInput& image = NeedImage(input);
    auto prepared = std::make_unique<PreparedFaces>();
    prepared->min_score = static_cast<float>(NumberOption(options, "minScore", kDefaultMinScore, 0, 1));
    const double shape = static_cast<double>(image.height()) / image.width();
    const bool tall = shape > static_cast<double>(height_) / width_;
    const int new_height = std::max(1, tall ? height_ : static_cast<int>(width_ * shape));
    const int new_width = std::max(1, tall ? static_cast<int>(height_ / shape) : width_);
    prepared->scale = static_cast<float>(static_cast<double>(new_height) / image.height());
    const auto pixels = image.Decode(std::min(new_width, new_height));
    prepared->input = Tensor::Make<float>({1, 3, height_, width_});
    const auto planes = prepared->input.As<float>();
    std::fill(planes.begin(), planes.end(), ScaledBlack(kScale)[0]);
    FillPlanes(ResampleBilinearPoint(*pixels, new_width, new_height), kScale, width_, height_, planes);
    return prepared;
  }

  void Infer(std::span<Prepared* const> batch) const override {
    for (Prepared* one : batch) {
      auto& prepared = static_cast<PreparedFaces&>(*one);
      prepared.outputs = session_->Run(std::span(&prepared.input, 1));
    }
  }

  std::unique_ptr<ModelOutput> Finish(Prepared& one) const override {
    auto& prepared = static_cast<PreparedFaces&>(one);
    std::vector<DetectedFace> faces;
    for (std::size_t i = 0; i < kStrides.size(); ++i) {
      const ScrfdLevel level{kStrides[i], std::as_const(prepared.outputs.at(ports_.scores[i])).As<float>(),
                             std::as_const(prepared.outputs.at(ports_.edges[i])).As<float>(),
                             std::as_const(prepared.outputs.at(ports_.landmarks[i])).As<float>()};
      DecodeScrfdLevel(level, width_, height_, prepared.min_score, faces);
    }
    for (DetectedFace& face : faces) {
      for (float* edge : {&face.x1, &face.y1, &face.x2, &face.y2}) *edge /= prepared.scale;
      for (Point2& point : face.landmarks) point = {point.x / prepared.scale, point.y / prepared.scale};
    }
    faces = SuppressOverlaps(std::move(faces), kMaxOverlap);
    for (DetectedFace& face : faces) {
      for (float* edge : {&face.x1, &face.y1, &face.x2, &face.y2}) *edge = std::nearbyint(*edge);
    }
    return std::make_unique<FaceBoxes>(std::move(faces));
  }

 private:
  std::shared_ptr<InferenceSession> session_;
  ScrfdPorts ports_;
  int width_ = kDefaultInputPx;
  int height_ = kDefaultInputPx;
};

}  // namespace

std::string FaceBoxes::ToJson() const {
  std::string boxes, scores, landmarks;
  for (const DetectedFace& face : faces_) {
    boxes += NumbersAsText(std::array{face.x1, face.y1, face.x2, face.y2}) + ",";
    scores += NumbersAsText(std::array{face.score});
    scores.erase(scores.rfind('['), 1);
    scores.back() = ',';
    landmarks += '[';
    for (const Point2& point : face.landmarks) {
      landmarks += NumbersAsText(std::array{static_cast<float>(point.x), static_cast<float>(point.y)}) + ",";
    }
    landmarks.back() = ']';
    landmarks += ',';
  }
  std::string out = "{\"boxes\":[" + boxes;
  json::EndArray(out);
  out += ",\"scores\":[" + scores;
  json::EndArray(out);
  out += ",\"landmarks\":[" + landmarks;
  json::EndArray(out);
  return out + "}";
}

std::unique_ptr<ModelTask> MakeFaceDetection(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 9);
  return std::make_unique<FaceDetection>(std::move(session));
}

}  // namespace immich::ml
