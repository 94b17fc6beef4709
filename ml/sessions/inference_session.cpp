#include "ml/sessions/inference_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ml/models/model_error.hpp"
#include "ml/sessions/inference_session_impl.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

struct TypePair {
  ElementType ours;
  ONNXTensorElementDataType theirs;
};

constexpr TypePair kTypes[] = {
    {ElementType::kFloat32, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT},
    {ElementType::kFloat64, ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE},
    {ElementType::kFloat16, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16},
    {ElementType::kInt8, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8},
    {ElementType::kUint8, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8},
    {ElementType::kInt32, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32},
    {ElementType::kInt64, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64},
    {ElementType::kBool, ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL},
};

std::optional<ElementType> FromOrt(ONNXTensorElementDataType type) {
  for (const TypePair& pair : kTypes) {
    if (pair.theirs == type) return pair.ours;
  }
  return std::nullopt;
}

ONNXTensorElementDataType ToOrt(ElementType type) {
  for (const TypePair& pair : kTypes) {
    if (pair.ours == type) return pair.theirs;
  }
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

Shape ReadShape(const OrtApi& api, const OrtTensorTypeAndShapeInfo* info) {
  std::size_t rank = 0;
  CheckStatus(api, api.GetDimensionsCount(info, &rank));
  Shape shape(rank);
  CheckStatus(api, api.GetDimensions(info, shape.data(), rank));
  return shape;
}

/// Type and shape of an input or output from its type info; the name is the caller's.
TensorInfo ReadInfo(const OrtApi& api, OrtTypeInfo* created, std::string name) {
  const OrtHandle<OrtTypeInfo> type_info(created, api.ReleaseTypeInfo);
  const OrtTensorTypeAndShapeInfo* tensor = nullptr;
  CheckStatus(api, api.CastTypeInfoToTensorInfo(type_info.get(), &tensor));
  if (tensor == nullptr) throw ModelLoadError("`" + name + "` of the graph is no tensor");
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  CheckStatus(api, api.GetTensorElementType(tensor, &element));
  const auto type = FromOrt(element);
  if (!type) throw ModelLoadError(fmt::format("`{}` of the graph has the element type {}", name, int(element)));
  return {std::move(name), *type, ReadShape(api, tensor)};
}

std::string TakeText(const OrtApi& api, OrtAllocator* allocator, char* text) {
  std::string copy = text == nullptr ? "" : text;
  if (text != nullptr) CheckStatus(api, api.AllocatorFree(allocator, text));
  return copy;
}

OrtAllocator* DefaultAllocator(const OrtApi& api) {
  OrtAllocator* allocator = nullptr;
  CheckStatus(api, api.GetAllocatorWithDefaultOptions(&allocator));
  return allocator;
}

std::optional<std::size_t> FindName(const std::vector<TensorInfo>& infos, std::string_view name) {
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const TensorInfo& info) { return info.name == name; });
  if (found == infos.end()) return std::nullopt;
  return static_cast<std::size_t>(found - infos.begin());
}

/// The runtime's tensor over our memory.
OrtHandle<OrtValue> WrapInput(const OrtApi& api, const OrtMemoryInfo* memory, const Tensor& tensor) {
  OrtValue* value = nullptr;
  CheckStatus(api, api.CreateTensorWithDataAsOrtValue(memory, const_cast<void*>(tensor.data()), tensor.size_bytes(),
                                                      tensor.shape().data(), tensor.shape().size(),
                                                      ToOrt(tensor.type()), &value));
  return {value, api.ReleaseValue};
}

/// Our tensor over the runtime's memory. Text and sequences are refused when the graph is opened.
Tensor AdoptOutput(const OrtApi& api, std::shared_ptr<OrtValue> owner) {
  OrtValue* value = owner.get();
  OrtTensorTypeAndShapeInfo* created = nullptr;
  CheckStatus(api, api.GetTensorTypeAndShape(value, &created));
  const OrtHandle<OrtTensorTypeAndShapeInfo> info(created, api.ReleaseTensorTypeAndShapeInfo);
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  CheckStatus(api, api.GetTensorElementType(info.get(), &element));
  Shape shape = ReadShape(api, info.get());
  void* data = nullptr;
  CheckStatus(api, api.GetTensorMutableData(value, &data));
  const auto type = FromOrt(element);
  if (!type) throw InternalError("a graph answered with an unknown element type");
  Tensor tensor = Tensor::Adopt(*type, std::move(shape), std::shared_ptr<void>(std::move(owner), data));
  const bool is_other_float = *type == ElementType::kFloat16 || *type == ElementType::kFloat64;
  return is_other_float ? tensor.ConvertedTo(ElementType::kFloat32) : tensor;
}

}  // namespace

void InferenceSession::Impl::Inspect() {
  const OrtApi& api = runtime.api();
  const OrtSession* session = devices.front()->handle.get();
  OrtAllocator* allocator = DefaultAllocator(api);
  std::size_t input_count = 0, output_count = 0;
  CheckStatus(api, api.SessionGetInputCount(session, &input_count));
  CheckStatus(api, api.SessionGetOutputCount(session, &output_count));
  for (std::size_t i = 0; i < input_count; ++i) {
    char* name = nullptr;
    OrtTypeInfo* info = nullptr;
    CheckStatus(api, api.SessionGetInputName(session, i, allocator, &name));
    CheckStatus(api, api.SessionGetInputTypeInfo(session, i, &info));
    inputs.push_back(ReadInfo(api, info, TakeText(api, allocator, name)));
  }
  for (std::size_t i = 0; i < output_count; ++i) {
    char* name = nullptr;
    OrtTypeInfo* info = nullptr;
    CheckStatus(api, api.SessionGetOutputName(session, i, allocator, &name));
    CheckStatus(api, api.SessionGetOutputTypeInfo(session, i, &info));
    outputs.push_back(ReadInfo(api, info, TakeText(api, allocator, name)));
  }
  for (const TensorInfo& info : inputs) input_names.push_back(info.name.c_str());
  for (const TensorInfo& info : outputs) output_names.push_back(info.name.c_str());
}

InferenceSession::Impl::Device& InferenceSession::Impl::LeastBusy() {
  return **std::min_element(devices.begin(), devices.end(),
                            [](const auto& a, const auto& b) { return a->running.load() < b->running.load(); });
}

InferenceSession::InferenceSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InferenceSession::~InferenceSession() = default;

const std::vector<TensorInfo>& InferenceSession::Inputs() const {
  return impl_->inputs;
}

const std::vector<TensorInfo>& InferenceSession::Outputs() const {
  return impl_->outputs;
}

std::optional<std::size_t> InferenceSession::FindInput(std::string_view name) const {
  return FindName(impl_->inputs, name);
}

std::optional<std::size_t> InferenceSession::FindOutput(std::string_view name) const {
  return FindName(impl_->outputs, name);
}

bool InferenceSession::has_dynamic_batch() const {
  return std::all_of(impl_->inputs.begin(), impl_->inputs.end(),
                     [](const TensorInfo& info) { return !info.shape.empty() && info.shape[0] < 0; });
}

std::string_view InferenceSession::provider() const {
  return ToString(impl_->provider);
}

std::optional<std::string> InferenceSession::FindMetadata(std::string_view key) const {
  const OrtApi& api = impl_->runtime.api();
  OrtModelMetadata* created = nullptr;
  CheckStatus(api, api.SessionGetModelMetadata(impl_->devices.front()->handle.get(), &created));
  const OrtHandle<OrtModelMetadata> metadata(created, api.ReleaseModelMetadata);
  OrtAllocator* allocator = DefaultAllocator(api);
  char* value = nullptr;
  CheckStatus(api,
              api.ModelMetadataLookupCustomMetadataMap(metadata.get(), allocator, std::string(key).c_str(), &value));
  if (value == nullptr) return std::nullopt;
  return TakeText(api, allocator, value);
}

std::vector<Tensor> InferenceSession::Run(std::span<const Tensor> inputs, std::span<const std::size_t> outputs) const {
  if (inputs.size() != impl_->inputs.size()) {
    throw InternalError(fmt::format("the graph has {} inputs, {} were given", impl_->inputs.size(), inputs.size()));
  }
  const OrtApi& api = impl_->runtime.api();
  Impl::Device& device = impl_->LeastBusy();
  try {
    OrtMemoryInfo* created = nullptr;
    CheckStatus(api, api.CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &created));
    const OrtHandle<OrtMemoryInfo> memory(created, api.ReleaseMemoryInfo);
    std::vector<Tensor> converted;
    std::vector<OrtHandle<OrtValue>> values;
    std::vector<const OrtValue*> pointers;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      converted.push_back(inputs[i].ConvertedTo(impl_->inputs[i].type));
      values.push_back(WrapInput(api, memory.get(), converted.back()));
      pointers.push_back(values.back().get());
    }
    std::vector<const char*> names = impl_->output_names;
    if (!outputs.empty()) {
      names.clear();
      for (const std::size_t index : outputs) names.push_back(impl_->output_names.at(index));
    }
    std::vector<OrtValue*> answers(names.size());
    device.running.fetch_add(1, std::memory_order_relaxed);
    OrtStatus* status = api.Run(device.handle.get(), nullptr, impl_->input_names.data(), pointers.data(),
                                pointers.size(), names.data(), names.size(), answers.data());
    device.running.fetch_sub(1, std::memory_order_relaxed);
    CheckStatus(api, status);
    std::vector<std::shared_ptr<OrtValue>> owners;
    for (OrtValue* answer : answers) owners.emplace_back(answer, api.ReleaseValue);
    std::vector<Tensor> results;
    for (auto& owner : owners) results.push_back(AdoptOutput(api, std::move(owner)));
    return results;
  } catch (const OrtError& error) {
    throw InternalError(fmt::format("inference failed: {}", error.what()));
  }
}

}  // namespace immich::ml
