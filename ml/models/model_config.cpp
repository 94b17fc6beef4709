#include "ml/models/model_config.hpp"

#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <system_error>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::ml {

boost::json::value ReadModelConfig(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return nullptr;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    // A copy that does not live in the document's arena.
    const json::Document document = json::Document::Parse(text);
    return boost::json::value(document.root(), boost::json::storage_ptr());
  } catch (const BadRequest& broken) {
    throw ModelLoadError(file.filename().string() + ": " + broken.what());
  }
}

const boost::json::value& FindMember(const boost::json::value& value, std::initializer_list<std::string_view> path) {
  static const boost::json::value kNull;
  const boost::json::value* at = &value;
  for (const std::string_view name : path) {
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(name);
    if (at == nullptr) return kNull;
  }
  return *at;
}

double NumberOption(const boost::json::object& options, std::string_view name, double fallback, double minimum,
                    double maximum) {
  const auto* value = options.if_contains(name);
  if (value == nullptr || value->is_null()) return fallback;
  if (!value->is_number()) throw BadRequest("The option " + std::string(name) + " is not a number");
  const auto number = value->to_number<double>();
  if (!(number >= minimum && number <= maximum))
    throw BadRequest("The option " + std::string(name) + " is out of range");
  return number;
}

void CheckShape(const TensorInfo& info, const Shape& wanted, std::string_view what) {
  bool fits = info.shape.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i) {
    fits = wanted[i] < 0 || info.shape[i] < 0 || info.shape[i] == wanted[i];
  }
  if (!fits) throw ModelLoadError("the shape of \"" + info.name + "\" is not that of " + std::string(what));
}

void CheckPorts(const InferenceSession& session, std::size_t inputs, std::size_t outputs) {
  if (session.Inputs().size() < inputs || session.Outputs().size() < outputs) {
    throw ModelLoadError("the graph has fewer inputs or outputs than a model of this kind");
  }
}

std::string NumbersAsText(std::span<const float> numbers) {
  std::string out = "[";
  out.reserve(numbers.size() * 13);
  std::array<char, 32> digits{};
  for (const float number : numbers) {
    if (!std::isfinite(number)) throw InternalError("the model gave a number that is not finite");
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), written.ptr);
    out.push_back(',');
  }
  if (out.size() == 1) return "[]";
  out.back() = ']';
  return out;
}

ImageInput& NeedImage(const ModelInput& input) {
  if (!input.image) throw BadRequest("This model needs an image");
  return *input.image;
}

std::size_t BatchRows(const InferenceSession& session, const ModelFolder& folder, std::size_t fallback) {
  if (!session.has_dynamic_batch()) return 1;
  return folder.max_batch_rows > 0 ? folder.max_batch_rows : fallback;
}

}  // namespace immich::ml
