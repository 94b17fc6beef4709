#include "server/core/ml_wire.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <cmath>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml_wire {

namespace {

constexpr std::string_view kClip = "clip";
constexpr std::string_view kFaces = "facial-recognition";
constexpr std::string_view kOcr = "ocr";
constexpr std::string_view kObjects = "object-detection";

std::string Quoted(std::string_view text) {
  std::string out;
  json::AppendString(out, text);
  return out;
}

std::string Number(double value) {
  std::string out;
  json::AppendDouble(out, value);
  return out;
}

using boost::json::value;

const value& Member(const value& object, std::string_view name) {
  const value* found = object.is_object() ? object.get_object().if_contains(name) : nullptr;
  if (found == nullptr) throw InternalError(fmt::format("machine learning answered without {}", name));
  return *found;
}

double NumberOf(const value& number) {
  boost::json::error_code error;
  const auto real = number.to_number<double>(error);
  if (error || !std::isfinite(real)) throw InternalError("machine learning answered something that is no number");
  return real;
}

int PixelOf(const value& number) {
  constexpr double kLimit = 1e6;
  return static_cast<int>(std::lround(std::clamp(NumberOf(number), -kLimit, kLimit)));
}

const boost::json::array& ArrayOf(const value& array) {
  if (!array.is_array()) throw InternalError("machine learning answered something that is no list");
  return array.get_array();
}

std::string TextOf(const value& text) {
  if (!text.is_string()) throw InternalError("machine learning answered something that is no text");
  return std::string(text.get_string());
}

/// The original answers the vector as a text that holds a JSON array; a plain array is understood, too.
std::string VectorOf(const value& vector) {
  std::string literal;
  if (vector.is_array()) {
    json::AppendValue(literal, vector);
  } else {
    literal = TextOf(vector);
  }
  if (!literal.starts_with('[') || !literal.ends_with(']')) {
    throw InternalError("machine learning answered something that is no vector");
  }
  return literal;
}

PixelBox BoxOf(const value& box) {
  if (box.is_array() && box.get_array().size() == 4) {
    const auto& corners = box.get_array();
    return {PixelOf(corners[0]), PixelOf(corners[1]), PixelOf(corners[2]), PixelOf(corners[3])};
  }
  return {PixelOf(Member(box, "x1")), PixelOf(Member(box, "y1")), PixelOf(Member(box, "x2")),
          PixelOf(Member(box, "y2"))};
}

json::Document Parse(std::string_view answer) {
  try {
    return json::Document::Parse(answer);
  } catch (const BadRequest& error) {
    throw InternalError(fmt::format("machine learning answered malformed JSON: {}", error.what()));
  }
}

}  // namespace

std::string ImageEncodingEntries(std::string_view model) {
  return fmt::format(R"({{"{}":{{"visual":{{"modelName":{}}}}}}})", kClip, Quoted(model));
}

std::string TextEncodingEntries(std::string_view model, const std::optional<std::string>& language) {
  const std::string options = language ? fmt::format(R"(,"options":{{"language":{}}})", Quoted(*language)) : "";
  return fmt::format(R"({{"{}":{{"textual":{{"modelName":{}{}}}}}}})", kClip, Quoted(model), options);
}

std::string FaceEntries(std::string_view model, double min_score) {
  return fmt::format(
      R"({{"{}":{{"detection":{{"modelName":{},"options":{{"minScore":{}}}}},"recognition":{{"modelName":{}}}}}}})",
      kFaces, Quoted(model), Number(min_score), Quoted(model));
}

std::string TextReadingEntries(const TextReadingOptions& options) {
  return fmt::format(R"({{"{0}":{{"detection":{{"modelName":{1},"options":{{"minScore":{2},"maxResolution":{3}}}}},)"
                     R"("recognition":{{"modelName":{1},"options":{{"minScore":{4}}}}}}}}})",
                     kOcr, Quoted(options.model), Number(options.min_detection_score), options.max_resolution_px,
                     Number(options.min_recognition_score));
}

std::string ObjectEntries(std::string_view model, double min_score) {
  return fmt::format(R"({{"{}":{{"detection":{{"modelName":{},"options":{{"minScore":{}}}}}}}}})", kObjects,
                     Quoted(model), Number(min_score));
}

std::string MultipartBody(std::string_view boundary, std::string_view entries, std::string_view part_name,
                          std::string_view content) {
  const bool is_file = part_name == "image";
  std::string body;
  body.reserve(content.size() + entries.size() + 512);
  body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n{}\r\n", boundary, entries);
  body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n", boundary, part_name,
                      is_file ? "; filename=\"blob\"\r\nContent-Type: application/octet-stream" : "");
  body += content;
  body += fmt::format("\r\n--{}--\r\n", boundary);
  return body;
}

std::string ParseEncoding(std::string_view answer) {
  const json::Document document = Parse(answer);
  return VectorOf(Member(document.root(), kClip));
}

FaceReading ParseFaces(std::string_view answer) {
  const json::Document document = Parse(answer);
  FaceReading reading;
  reading.image_width = PixelOf(Member(document.root(), "imageWidth"));
  reading.image_height = PixelOf(Member(document.root(), "imageHeight"));
  for (const value& face : ArrayOf(Member(document.root(), kFaces))) {
    reading.faces.push_back({.box = BoxOf(Member(face, "boundingBox")),
                             .score = NumberOf(Member(face, "score")),
                             .embedding = VectorOf(Member(face, "embedding"))});
  }
  return reading;
}

std::vector<FoundText> ParseTexts(std::string_view answer) {
  const json::Document document = Parse(answer);
  const value& reading = Member(document.root(), kOcr);
  const auto& texts = ArrayOf(Member(reading, "text"));
  const auto& corners = ArrayOf(Member(reading, "box"));
  const auto& box_scores = ArrayOf(Member(reading, "boxScore"));
  const auto& text_scores = ArrayOf(Member(reading, "textScore"));
  const std::size_t per_text = std::tuple_size_v<decltype(FoundText::corners)>;
  if (corners.size() != texts.size() * per_text || box_scores.size() != texts.size() ||
      text_scores.size() != texts.size()) {
    throw InternalError("machine learning answered texts and boxes that do not match");
  }
  std::vector<FoundText> found(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    found[i].text = TextOf(texts[i]);
    found[i].box_score = NumberOf(box_scores[i]);
    found[i].text_score = NumberOf(text_scores[i]);
    for (std::size_t k = 0; k < per_text; ++k) found[i].corners[k] = NumberOf(corners[i * per_text + k]);
  }
  return found;
}

ObjectReading ParseObjects(std::string_view answer) {
  const json::Document document = Parse(answer);
  ObjectReading reading;
  reading.image_width = PixelOf(Member(document.root(), "imageWidth"));
  reading.image_height = PixelOf(Member(document.root(), "imageHeight"));
  for (const value& object : ArrayOf(Member(document.root(), kObjects))) {
    reading.objects.push_back({.label = TextOf(Member(object, "label")),
                               .score = NumberOf(Member(object, "score")),
                               .box = BoxOf(Member(object, "boundingBox"))});
  }
  return reading;
}

}  // namespace immich::ml_wire
