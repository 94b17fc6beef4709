#include "ml/models/clip/clip_visual.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "ml/imaging/rgb_resampler.hpp"
#include "ml/models/clip/clip_embedding.hpp"
#include "ml/models/model_config.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

/// Pictures that run together: the memory for a batch grows faster than its throughput beyond.
constexpr std::size_t kDefaultBatch = 8;
/// A picture is decoded at no less than this many times the size the tower wants, so that scaling while decoding
/// leaves the result next to that of the whole picture.
constexpr int kDecodeMargin = 2;

std::array<float, 3> ReadTriple(const boost::json::value& value, std::array<float, 3> fallback, const char* name) {
  if (value.is_null()) return fallback;
  const auto* list = value.if_array();
  if (list == nullptr || list->size() != 3) throw ModelLoadError(std::string(name) + " is not three numbers");
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(*list)[i].is_number()) throw ModelLoadError(std::string(name) + " is not three numbers");
    fallback[i] = static_cast<float>((*list)[i].to_number<double>());
  }
  return fallback;
}

/// `224` or `[224, 224]`.
int ReadSize(const boost::json::value& value, const TensorInfo& input) {
  const boost::json::value* size = &value;
  if (const auto* list = value.if_array(); list != nullptr && !list->empty()) size = &list->front();
  if (size->is_null()) return input.shape.back() > 0 ? static_cast<int>(input.shape.back()) : 224;
  constexpr std::int64_t kMax = 4096;
  const auto* number = size->if_int64();
  if (number == nullptr || *number < 1 || *number > kMax) throw ModelLoadError("preprocess_cfg.json: wrong size");
  return static_cast<int>(*number);
}

class ClipVisual final : public ModelTask {
 public:
  ClipVisual(const ModelFolder& folder, std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)), output_(FindEmbeddingOutput(*session_)) {
    const TensorInfo& input = session_->Inputs().front();
    CheckShape(input, {-1, 3, -1, -1}, "a batch of pictures");
    wanted_ = ReadClipPreprocessing(folder.type / "preprocess_cfg.json", input);
    CheckShape(input, {-1, 3, wanted_.size_px, wanted_.size_px}, "pictures of the size in preprocess_cfg.json");
    max_rows_ = BatchRows(*session_, folder, kDefaultBatch);
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object&,
                                    const ModelOutput*) const override {
    ImageInput& image = NeedImage(input);
    const auto pixels = image.Decode(wanted_.size_px * kDecodeMargin);
    auto prepared = std::make_unique<PreparedClip>();
    Tensor tensor = Tensor::Make<float>({1, 3, wanted_.size_px, wanted_.size_px});
    FillClipPlanes(*pixels, image.width(), image.height(), wanted_, tensor.As<float>());
    prepared->inputs.push_back(std::move(tensor));
    return prepared;
  }
  std::size_t max_rows() const override { return max_rows_; }
  void Infer(std::span<Prepared* const> batch) const override { InferEmbeddings(*session_, output_, max_rows_, batch); }
  std::unique_ptr<ModelOutput> Finish(Prepared& prepared) const override {
    return std::make_unique<ClipOutput>(std::move(static_cast<PreparedClip&>(prepared).embedding));
  }

 private:
  std::shared_ptr<InferenceSession> session_;
  std::size_t output_;
  ClipPreprocessing wanted_;
  std::size_t max_rows_ = 1;
};

}  // namespace

ClipPreprocessing ReadClipPreprocessing(const std::filesystem::path& file, const TensorInfo& input) {
  const boost::json::value config = ReadModelConfig(file);
  ClipPreprocessing read;
  read.size_px = ReadSize(FindMember(config, {"size"}), input);
  read.scale.divisor = 255;
  read.scale.mean = ReadTriple(FindMember(config, {"mean"}), {0.48145466F, 0.4578275F, 0.40821073F}, "mean");
  read.scale.deviation = ReadTriple(FindMember(config, {"std"}), {0.26862954F, 0.26130258F, 0.27577711F}, "std");
  return read;
}

void FillClipPlanes(const RgbImage& image, int native_width, int native_height, const ClipPreprocessing& wanted,
                    std::span<float> planes) {
  const int size = wanted.size_px;
  const auto longer = [&](int longer_edge, int shorter_edge) {
    constexpr double kMax = 1 << 24;
    return static_cast<int>(std::min(static_cast<double>(longer_edge) / shorter_edge * size, kMax));
  };
  const bool upright = native_width < native_height;
  const int width = upright ? size : longer(native_width, native_height);
  const int height = upright ? longer(native_height, native_width) : size;
  const ResampleWindow centre{static_cast<int>(width / 2.0 - size / 2.0), static_cast<int>(height / 2.0 - size / 2.0),
                              size, size};
  FillPlanes(ResampleWindowed(image, width, height, ResampleFilter::kBicubic, centre), wanted.scale, size, size,
             planes);
}

std::unique_ptr<ModelTask> MakeClipVisual(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<ClipVisual>(folder, std::move(session));
}

}  // namespace immich::ml
