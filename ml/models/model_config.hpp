#pragma once

#include <boost/json/fwd.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ml/models/model_task.hpp"

// What the models share: configuration files, options of requests, checks of graphs, numbers as text.
namespace immich::ml {

/// A JSON file; null JSON when it is not there. Throws ModelLoadError when it is broken.
boost::json::value ReadModelConfig(const std::filesystem::path& file);
/// The member at the end of a path, null JSON when a step is missing.
const boost::json::value& FindMember(const boost::json::value& value, std::initializer_list<std::string_view> path);

/// An option that is a number; absent and null give `fallback`. Throws BadRequest for other types and for values
/// outside [minimum, maximum].
double NumberOption(const boost::json::object& options, std::string_view name, double fallback, double minimum,
                    double maximum);

/// `actual` may be -1 (dynamic) where `wanted` has a size; -1 in `wanted` takes anything. Throws ModelLoadError that
/// names the input or output.
void CheckShape(const TensorInfo& info, const Shape& wanted, std::string_view what);
/// Throws ModelLoadError when the graph has fewer inputs or outputs than needed.
void CheckPorts(const InferenceSession& session, std::size_t inputs, std::size_t outputs);

/// `[0.1,-2,…]`, shortest digits that read back the same. Throws InternalError for what is not finite.
std::string NumbersAsText(std::span<const float> numbers);

/// The input a model of images needs. Throws BadRequest when the request has none.
ImageInput& NeedImage(const ModelInput& input);

/// Rows that run together when the graph takes any number: `wanted` of the folder, else `fallback`; 1 otherwise.
std::size_t BatchRows(const InferenceSession& session, const ModelFolder& folder, std::size_t fallback);

}  // namespace immich::ml
