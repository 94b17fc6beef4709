#include "ml/models/faces/face_recognition.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/models/faces/face_boxes.hpp"
#include "ml/models/faces/onnx_first_nodes.hpp"
#include "ml/models/model_config.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

/// Faces that run together; a group photograph has more and is cut.
constexpr std::size_t kDefaultBatch = 16;
/// The part of a picture that faces are cut from is decoded at no less than this many times the size of the cut.
constexpr double kDecodeMargin = 2;

struct PreparedEmbeddings final : Prepared {
  std::vector<DetectedFace> faces;
  Tensor crops;
  std::vector<float> embeddings;
  std::size_t rows() const override { return faces.size(); }
};

class RecognizedFaces final : public ModelOutput {
 public:
  RecognizedFaces(std::vector<DetectedFace> faces, std::vector<float> embeddings)
      : faces_(std::move(faces)), embeddings_(std::move(embeddings)) {}

  std::string ToJson() const override {
    std::string out = "[";
    const std::size_t length = faces_.empty() ? 0 : embeddings_.size() / faces_.size();
    for (std::size_t i = 0; i < faces_.size(); ++i) {
      const DetectedFace& face = faces_[i];
      out += "{\"boundingBox\":{";
      for (const auto& [name, edge] : {std::pair{"\"x1\":", face.x1}, std::pair{"\"y1\":", face.y1},
                                       std::pair{"\"x2\":", face.x2}, std::pair{"\"y2\":", face.y2}}) {
        out += name;
        json::AppendDouble(out, edge);
        out += ',';
      }
      json::EndObject(out);
      out += ",\"embedding\":";
      json::AppendString(out, NumbersAsText(std::span(embeddings_).subspan(i * length, length)));
      out += ",\"score\":";
      json::AppendDouble(out, face.score);
      out += "},";
    }
    json::EndArray(out);
    return out;
  }

 private:
  std::vector<DetectedFace> faces_;
  std::vector<float> embeddings_;
};

double ScaleOf(const AffineMap& map) {
  return std::hypot(map[0], map[3]);
}

/// Graphs that begin with a subtraction and a multiplication scale the pixels themselves.
bool ScalesItself(const std::filesystem::path& onnx_file) {
  bool subtracts = false;
  bool multiplies = false;
  for (const std::string& name : ReadFirstNodeNames(onnx_file, 8)) {
    subtracts = subtracts || name.starts_with("Sub") || name.starts_with("_minus");
    multiplies = multiplies || name.starts_with("Mul") || name.starts_with("_mul");
  }
  return subtracts && multiplies;
}

class FaceRecognition final : public ModelTask {
 public:
  FaceRecognition(const ModelFolder& folder, std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)), max_rows_(BatchRows(*session_, folder, kDefaultBatch)) {
    CheckShape(session_->Inputs().front(), {-1, 3, kFaceCropPx, kFaceCropPx}, "aligned faces");
    CheckShape(session_->Outputs().front(), {-1, -1}, "embeddings");
    if (!ScalesItself(folder.onnx_file())) {
      scale_ = {.divisor = 1, .mean = {127.5F, 127.5F, 127.5F}, .deviation = {127.5F, 127.5F, 127.5F}};
    }
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object&,
                                    const ModelOutput* dependency) const override {
    const auto* boxes = dynamic_cast<const FaceBoxes*>(dependency);
    if (boxes == nullptr) throw BadRequest("Face recognition needs the result of face detection");
    auto prepared = std::make_unique<PreparedEmbeddings>();
    prepared->faces = boxes->faces();
    if (prepared->faces.empty()) return prepared;
    ImageInput& image = NeedImage(input);
    double largest = 0;
    for (const DetectedFace& face : prepared->faces) {
      largest = std::max(largest, ScaleOf(EstimateSimilarity(face.landmarks, kArcFaceTemplate)));
    }
    const int native = std::min(image.width(), image.height());
    const double wanted = std::ceil(native * std::min(1.0, largest * kDecodeMargin));
    const auto pixels = image.Decode(std::max(1, static_cast<int>(wanted)));
    FillCrops(*pixels, static_cast<double>(pixels->width) / image.width(), *prepared);
    return prepared;
  }

  std::size_t max_rows() const override { return max_rows_; }

  void Infer(std::span<Prepared* const> batch) const override {
    std::vector<Tensor> rows;
    for (const Prepared* one : batch) {
      if (one->rows() > 0) rows.push_back(static_cast<const PreparedEmbeddings&>(*one).crops);
    }
    if (rows.empty()) return;
    const std::vector<float> embeddings = RunInParts(rows.size() == 1 ? rows.front() : ConcatRows(rows));
    std::size_t total = 0;
    for (const Tensor& tensor : rows) total += static_cast<std::size_t>(tensor.dim(0));
    const std::size_t length = embeddings.size() / total;
    auto at = embeddings.begin();
    for (Prepared* one : batch) {
      auto& prepared = static_cast<PreparedEmbeddings&>(*one);
      const auto end = at + static_cast<std::ptrdiff_t>(prepared.faces.size() * length);
      prepared.embeddings.assign(at, end);
      at = end;
    }
  }

  std::unique_ptr<ModelOutput> Finish(Prepared& one) const override {
    auto& prepared = static_cast<PreparedEmbeddings&>(one);
    return std::make_unique<RecognizedFaces>(std::move(prepared.faces), std::move(prepared.embeddings));
  }

 private:
  void FillCrops(const RgbImage& pixels, double image_scale, PreparedEmbeddings& prepared) const {
    const auto count = static_cast<std::int64_t>(prepared.faces.size());
    prepared.crops = Tensor::Make<float>({count, 3, kFaceCropPx, kFaceCropPx});
    constexpr std::size_t kCropNumbers = 3 * kFaceCropPx * kFaceCropPx;
    for (std::size_t i = 0; i < prepared.faces.size(); ++i) {
      FillPlanes(AlignFace(pixels, image_scale, prepared.faces[i].landmarks), scale_, kFaceCropPx, kFaceCropPx,
                 prepared.crops.As<float>().subspan(i * kCropNumbers, kCropNumbers));
    }
  }

  std::vector<float> RunInParts(const Tensor& crops) const {
    std::vector<float> embeddings;
    const auto step = static_cast<std::int64_t>(max_rows_);
    for (std::int64_t done = 0; done < crops.dim(0); done += step) {
      const std::array<Tensor, 1> part{crops.Rows(done, std::min(step, crops.dim(0) - done))};
      const Tensor output = session_->Run(part).at(0);
      if (output.dim(0) != part[0].dim(0)) throw InternalError("the graph lost faces");
      const auto numbers = output.As<float>();
      embeddings.insert(embeddings.end(), numbers.begin(), numbers.end());
    }
    return embeddings;
  }

  std::shared_ptr<InferenceSession> session_;
  std::size_t max_rows_;
  PixelScale scale_;
};

}  // namespace

RgbImage AlignFace(const RgbImage& image, double image_scale, std::span<const Point2, 5> landmarks) {
  std::array<Point2, 5> scaled{};
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    scaled[i] = {landmarks[i].x * image_scale, landmarks[i].y * image_scale};
  }
  const AffineMap to_crop = EstimateSimilarity(scaled, kArcFaceTemplate);
  if (ScaleOf(to_crop) == 0) return RgbImage::Make(kFaceCropPx, kFaceCropPx);
  return WarpAffine(image, Invert(to_crop), kFaceCropPx, kFaceCropPx);
}

std::unique_ptr<ModelTask> MakeFaceRecognition(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<FaceRecognition>(folder, std::move(session));
}

}  // namespace immich::ml
