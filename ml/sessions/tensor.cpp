#include "ml/sessions/tensor.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

constexpr int kHalfExponentBias = 15;
constexpr int kFloatExponentBias = 127;

/// IEEE 754 binary16 to binary32; exact.
float FloatFromHalf(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1Fu;
  std::uint32_t mantissa = half & 0x3FFu;
  std::uint32_t bits = 0;
  if (exponent == 0x1F) {
    bits = sign | 0x7F800000u | (mantissa << 13);
  } else if (exponent != 0) {
    bits = sign | ((exponent + kFloatExponentBias - kHalfExponentBias) << 23) | (mantissa << 13);
  } else if (mantissa == 0) {
    bits = sign;
  } else {
    int shift = 0;
    for (; (mantissa & 0x400u) == 0; ++shift) mantissa <<= 1;
    bits = sign | (static_cast<std::uint32_t>(kFloatExponentBias - kHalfExponentBias + 1 - shift) << 23) |
           ((mantissa & 0x3FFu) << 13);
  }
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Rounds to nearest, ties to even; too large becomes infinity.
std::uint16_t HalfFromFloat(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return sign | 0x7E00u;
  if (magnitude >= 0x477FF000u) return sign | 0x7C00u;
  if (magnitude < 0x38800000u) {
    // Subnormal: adding 0.5 puts the wanted bits, rounded by the processor, at the end of the mantissa.
    float small;
    std::memcpy(&small, &magnitude, sizeof small);
    small += 0.5f;
    std::uint32_t moved;
    std::memcpy(&moved, &small, sizeof moved);
    return static_cast<std::uint16_t>(sign | (moved - 0x3F000000u));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xFFFu + odd) >> 13));
}

template <class From, class To>
void Convert(const void* from, void* to, std::size_t count) {
  const From* source = static_cast<const From*>(from);
  To* target = static_cast<To*>(to);
  for (std::size_t i = 0; i < count; ++i) target[i] = static_cast<To>(source[i]);
}

template <class To>
void ConvertTo(ElementType from_type, const void* from, void* to, std::size_t count) {
  switch (from_type) {
    case ElementType::kFloat32:
      return Convert<float, To>(from, to, count);
    case ElementType::kFloat64:
      return Convert<double, To>(from, to, count);
    case ElementType::kInt8:
      return Convert<std::int8_t, To>(from, to, count);
    case ElementType::kUint8:
      return Convert<std::uint8_t, To>(from, to, count);
    case ElementType::kInt32:
      return Convert<std::int32_t, To>(from, to, count);
    case ElementType::kInt64:
      return Convert<std::int64_t, To>(from, to, count);
    case ElementType::kBool:
      return Convert<bool, To>(from, to, count);
    case ElementType::kFloat16:
      break;
  }
  throw InternalError("float16 is converted to float32 only");
}

}  // namespace

std::size_t ElementBytes(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
    case ElementType::kInt64:
      return 8;
    case ElementType::kFloat32:
    case ElementType::kInt32:
      return 4;
    case ElementType::kFloat16:
      return 2;
    case ElementType::kInt8:
    case ElementType::kUint8:
    case ElementType::kBool:
      return 1;
  }
  return 1;
}

std::string_view ElementTypeName(ElementType type) {
  constexpr std::string_view kNames[] = {"float32", "float64", "float16", "int8", "uint8", "int32", "int64", "bool"};
  return kNames[static_cast<std::size_t>(type)];
}

std::size_t ElementCount(std::span<const std::int64_t> shape) {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) {
    if (dim < 0) throw InternalError("a tensor has a negative dimension");
    if (dim > 0 && count > kMaxElements / dim) throw InternalError("a tensor is too large");
    count *= dim;
  }
  return static_cast<std::size_t>(count);
}

Tensor::Tensor(ElementType type, Shape shape) : type_(type), shape_(std::move(shape)), count_(ElementCount(shape_)) {
  const std::size_t bytes = (size_bytes() / kAlignment + 1) * kAlignment;
  void* memory = std::aligned_alloc(kAlignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  data_ = std::shared_ptr<void>(memory, std::free);
}

Tensor Tensor::Adopt(ElementType type, Shape shape, std::shared_ptr<void> data) {
  Tensor tensor;
  tensor.type_ = type;
  tensor.shape_ = std::move(shape);
  tensor.count_ = ElementCount(tensor.shape_);
  tensor.data_ = std::move(data);
  return tensor;
}

Tensor Tensor::Reshaped(Shape shape) const {
  if (ElementCount(shape) != count_) throw InternalError("a tensor is reshaped to another number of elements");
  return Adopt(type_, std::move(shape), data_);
}

Tensor Tensor::Rows(std::int64_t first, std::int64_t count) const {
  if (shape_.empty() || first < 0 || count < 0 || first + count > shape_[0]) {
    throw InternalError("rows outside of a tensor");
  }
  const std::size_t row_bytes = shape_[0] == 0 ? 0 : size_bytes() / static_cast<std::size_t>(shape_[0]);
  Shape shape = shape_;
  shape[0] = count;
  auto* begin = static_cast<std::byte*>(data_.get()) + row_bytes * static_cast<std::size_t>(first);
  return Adopt(type_, std::move(shape), std::shared_ptr<void>(data_, begin));
}

Tensor Tensor::ConvertedTo(ElementType type) const {
  if (type == type_) return *this;
  if (type_ == ElementType::kFloat16 && type != ElementType::kFloat32) {
    return ConvertedTo(ElementType::kFloat32).ConvertedTo(type);
  }
  Tensor result(type, shape_);
  switch (type) {
    case ElementType::kFloat32:
      if (type_ == ElementType::kFloat16) {
        const auto* half = static_cast<const std::uint16_t*>(data_.get());
        for (float& value : result.As<float>()) value = FloatFromHalf(*half++);
      } else {
        ConvertTo<float>(type_, data_.get(), result.data(), count_);
      }
      break;
    case ElementType::kFloat16: {
      const Tensor floats = ConvertedTo(ElementType::kFloat32);
      auto* half = static_cast<std::uint16_t*>(result.data());
      for (const float value : floats.As<float>()) *half++ = HalfFromFloat(value);
      break;
    }
    case ElementType::kFloat64:
      ConvertTo<double>(type_, data_.get(), result.data(), count_);
      break;
    case ElementType::kInt8:
      ConvertTo<std::int8_t>(type_, data_.get(), result.data(), count_);
      break;
    case ElementType::kUint8:
      ConvertTo<std::uint8_t>(type_, data_.get(), result.data(), count_);
      break;
    case ElementType::kInt32:
      ConvertTo<std::int32_t>(type_, data_.get(), result.data(), count_);
      break;
    case ElementType::kInt64:
      ConvertTo<std::int64_t>(type_, data_.get(), result.data(), count_);
      break;
    case ElementType::kBool:
      ConvertTo<bool>(type_, data_.get(), result.data(), count_);
      break;
  }
  return result;
}

void Tensor::CheckType(ElementType type) const {
  if (type == type_) return;
  throw InternalError("a tensor of " + std::string(ElementTypeName(type_)) + " is read as " +
                      std::string(ElementTypeName(type)));
}

Tensor ConcatRows(std::span<const Tensor> parts) {
  if (parts.empty()) throw InternalError("no tensors to concatenate");
  if (parts.size() == 1) return parts.front();
  Shape shape = parts.front().shape();
  if (shape.empty()) throw InternalError("scalars cannot be concatenated");
  std::int64_t rows = 0;
  for (const Tensor& part : parts) {
    const bool fits = part.type() == parts.front().type() && part.shape().size() == shape.size() &&
                      std::equal(shape.begin() + 1, shape.end(), part.shape().begin() + 1);
    if (!fits) throw InternalError("tensors of different shapes are concatenated");
    rows += part.dim(0);
  }
  shape[0] = rows;
  Tensor result(parts.front().type(), std::move(shape));
  auto* target = static_cast<std::byte*>(result.data());
  for (const Tensor& part : parts) {
    if (part.count() == 0) continue;
    std::memcpy(target, part.data(), part.size_bytes());
    target += part.size_bytes();
  }
  return result;
}

}  // namespace immich::ml
