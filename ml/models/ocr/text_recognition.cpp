#include "ml/models/ocr/text_recognition.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numeric>
#include <utility>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/imaging/rgb_resampler.hpp"
#include "ml/models/model_config.hpp"
#include "ml/models/ocr/ctc_decoder.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

constexpr double kDefaultMinScore = 0.8;
constexpr std::size_t kDefaultBatch = 6;
constexpr int kHeight = 48;
constexpr int kMinWidth = 320;
/// A line this long is squeezed: 100 times as wide as high.
constexpr int kMaxWidth = 4800;
constexpr double kTurnShape = 1.5;
constexpr double kMaxSidePx = 16384;
constexpr PixelScale kScale{
    .divisor = 255, .mean = {0.5F, 0.5F, 0.5F}, .deviation = {0.5F, 0.5F, 0.5F}, .channels = {2, 1, 0}};

/// A line scaled to the height of the input.
struct TextLine {
  RgbImage pixels;
  ReadText read;
};

struct PreparedLines final : Prepared {
  std::vector<TextBox> boxes;
  std::vector<TextLine> lines;
  float min_score = 0;
  int width = 1;
  int height = 1;
  std::size_t rows() const override { return lines.size(); }
};

struct FoundLine {
  std::string text;
  TextBox box;
  float score = 0;
};

class FoundText final : public ModelOutput {
 public:
  explicit FoundText(std::vector<FoundLine> lines) : lines_(std::move(lines)) {}
  /// Corners come from 0 to 1 already.
  std::string ToJson() const override {
    std::string texts, boxes, box_scores, text_scores;
    for (const auto& [text, box, score] : lines_) {
      json::AppendString(texts, text);
      texts += ',';
      for (const Point2& corner : box.corners) {
        json::AppendDouble(boxes, corner.x);
        boxes += ',';
        json::AppendDouble(boxes, corner.y);
        boxes += ',';
      }
      json::AppendDouble(box_scores, box.score);
      box_scores += ',';
      json::AppendDouble(text_scores, score);
      text_scores += ',';
    }
    std::string out = "{";
    for (const auto& [name, list] :
         {std::pair{"\"text\":[", &texts}, std::pair{"\"box\":[", &boxes}, std::pair{"\"boxScore\":[", &box_scores},
          std::pair{"\"textScore\":[", &text_scores}}) {
      out += name + *list;
      json::EndArray(out);
      out += ',';
    }
    json::EndObject(out);
    return out;
  }

 private:
  std::vector<FoundLine> lines_;
};

double Distance(Point2 a, Point2 b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Three corners on a line: what the edge of the picture left of a box.
bool IsFlat(const TextBox& box) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point2 a = box.corners[i];
    const Point2 b = box.corners[(i + 1) % 4];
    const Point2 c = box.corners[(i + 2) % 4];
    if (std::abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) < 1) return true;
  }
  return false;
}

/// The crop at the height of the input, as wide as its shape asks.
RgbImage ToLineHeight(const RgbImage& crop) {
  const double shape = static_cast<double>(crop.width) / crop.height;
  const int width = std::clamp(static_cast<int>(std::ceil(kHeight * shape)), 1, kMaxWidth);
  return ResampleBilinearPoint(crop, width, kHeight);
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string FindCharacterText(const ModelFolder& folder, const InferenceSession& session) {
  for (const char* key : {"character", "dictionary"}) {
    if (auto listed = session.FindMetadata(key)) return *listed;
  }
  std::vector<std::filesystem::path> files{folder.type / "keys.txt", folder.type / "ppocr_keys_v1.txt"};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder.type, error)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (file) return {std::istreambuf_iterator<char>(file), {}};
  }
  throw ModelLoadError("the characters of the recognition are neither in its metadata nor beside it");
}

/// Characters of the classes from 1 on; the last class may be the space, which the lists leave out.
std::vector<std::string> ReadCharacters(const ModelFolder& folder, const InferenceSession& session) {
  std::vector<std::string> characters = SplitLines(FindCharacterText(folder, session));
  const std::int64_t classes = session.Outputs().front().shape.back();
  characters.emplace_back(" ");
  if (classes > 0 && classes != static_cast<std::int64_t>(characters.size()) + 1 &&
      classes != static_cast<std::int64_t>(characters.size())) {
    throw ModelLoadError("the list of characters has another length than the classes of the graph");
  }
  return characters;
}

class TextRecognition final : public ModelTask {
 public:
  TextRecognition(const ModelFolder& folder, std::shared_ptr<InferenceSession> session)
      : session_(std::move(session)), max_rows_(BatchRows(*session_, folder, kDefaultBatch)) {
    CheckShape(session_->Inputs().front(), {-1, 3, kHeight, -1}, "lines of text");
    CheckShape(session_->Outputs().front(), {-1, -1, -1}, "probabilities of characters");
    characters_ = ReadCharacters(folder, *session_);
  }

  std::unique_ptr<Prepared> Prepare(const ModelInput& input, const boost::json::object& options,
                                    const ModelOutput* dependency) const override {
    const auto* boxes = dynamic_cast<const TextBoxes*>(dependency);
    if (boxes == nullptr) throw BadRequest("Text recognition needs the result of text detection");
    auto prepared = std::make_unique<PreparedLines>();
    prepared->min_score = static_cast<float>(NumberOption(options, "minScore", kDefaultMinScore, 0, 1));
    prepared->boxes = boxes->boxes();
    if (prepared->boxes.empty()) return prepared;
    ImageInput& image = NeedImage(input);
    prepared->width = image.width();
    prepared->height = image.height();
    const auto pixels = image.Decode(NeededShorterEdge(prepared->boxes, std::min(image.width(), image.height())));
    const double scale = static_cast<double>(pixels->width) / image.width();
    std::erase_if(prepared->boxes, [](const TextBox& box) { return IsFlat(box); });
    for (const TextBox& box : prepared->boxes) {
      prepared->lines.push_back({ToLineHeight(CropText(*pixels, scale, box)), {}});
    }
    return prepared;
  }

  std::size_t max_rows() const override { return max_rows_; }

  void Infer(std::span<Prepared* const> batch) const override {
    std::vector<TextLine*> lines;
    for (Prepared* one : batch) {
      for (TextLine& line : static_cast<PreparedLines&>(*one).lines) lines.push_back(&line);
    }
    // Lines of like width together: the narrow ones are padded to the widest of their batch.
    std::sort(lines.begin(), lines.end(),
              [](const TextLine* a, const TextLine* b) { return a->pixels.width < b->pixels.width; });
    for (std::size_t done = 0; done < lines.size(); done += max_rows_) {
      ReadLines(std::span(lines).subspan(done, std::min(max_rows_, lines.size() - done)));
    }
  }

  std::unique_ptr<ModelOutput> Finish(Prepared& one) const override {
    auto& prepared = static_cast<PreparedLines&>(one);
    std::vector<FoundLine> found;
    for (std::size_t i = 0; i < prepared.lines.size(); ++i) {
      ReadText& read = prepared.lines[i].read;
      if (!(read.score > prepared.min_score)) continue;
      TextBox box = prepared.boxes[i];
      for (Point2& corner : box.corners) corner = {corner.x / prepared.width, corner.y / prepared.height};
      found.push_back({std::move(read.text), box, read.score});
    }
    return std::make_unique<FoundText>(std::move(found));
  }

 private:
  /// The picture may be as small as leaves every line the height of the input, twice.
  static int NeededShorterEdge(std::span<const TextBox> boxes, int native) {
    double lowest = native;
    for (const TextBox& box : boxes) {
      const auto& c = box.corners;
      lowest = std::min({lowest, std::max(Distance(c[0], c[3]), Distance(c[1], c[2])),
                         std::max(Distance(c[0], c[1]), Distance(c[2], c[3]))});
    }
    return static_cast<int>(std::ceil(native * std::min(1.0, 2 * kHeight / std::max(1.0, lowest))));
  }

  void ReadLines(std::span<TextLine* const> lines) const {
    const auto count = static_cast<std::int64_t>(lines.size());
    const Shape& declared = session_->Inputs().front().shape;
    int width = std::max(kMinWidth, lines.back()->pixels.width);
    if (declared[3] > 0) width = static_cast<int>(declared[3]);
    std::array<Tensor, 1> input{Tensor::Make<float>({count, 3, kHeight, width})};
    const auto planes = input[0].As<float>();
    std::fill(planes.begin(), planes.end(), 0.0F);
    const std::size_t row = planes.size() / lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      RgbImage& pixels = lines[i]->pixels;
      if (pixels.width > width) pixels = ResampleBilinearPoint(pixels, width, kHeight);
      FillPlanes(pixels, kScale, width, kHeight, planes.subspan(i * row, row));
    }
    const Tensor output = session_->Run(input).at(0);
    if (output.shape().size() != 3 || output.dim(0) != count) throw InternalError("the graph lost lines of text");
    const std::size_t numbers = output.count() / lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i]->read = DecodeCtc(output.As<float>().subspan(i * numbers, numbers),
                                 static_cast<std::size_t>(output.dim(2)), characters_);
    }
  }

  std::shared_ptr<InferenceSession> session_;
  std::size_t max_rows_;
  std::vector<std::string> characters_;
};

}  // namespace

RgbImage CropText(const RgbImage& image, double image_scale, const TextBox& box) {
  std::array<Point2, 4> from = box.corners;
  for (Point2& corner : from) corner = {corner.x * image_scale, corner.y * image_scale};
  const auto side = [](double a, double b) { return static_cast<int>(std::clamp(std::max(a, b), 1.0, kMaxSidePx)); };
  const int width = side(Distance(from[0], from[1]), Distance(from[2], from[3]));
  const int height = side(Distance(from[0], from[3]), Distance(from[1], from[2]));
  const auto w = static_cast<double>(width);
  const auto h = static_cast<double>(height);
  const std::array<Point2, 4> to{Point2{0, 0}, {w, 0}, {w, h}, {0, h}};
  RgbImage crop = WarpPerspective(image, EstimatePerspective(to, from), width, height);
  return h / w >= kTurnShape ? RotateLeft(crop) : crop;
}

std::unique_ptr<ModelTask> MakeTextRecognition(const ModelFolder& folder, SessionFactory& sessions) {
  auto session = sessions.Open(folder.onnx_file());
  CheckPorts(*session, 1, 1);
  return std::make_unique<TextRecognition>(folder, std::move(session));
}

}  // namespace immich::ml
