#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace immich::ml {

/// Element types the service reads and writes; a graph with another type at its edge is refused when it is opened.
enum class ElementType : std::uint8_t { kFloat32, kFloat64, kFloat16, kInt8, kUint8, kInt32, kInt64, kBool };

std::size_t ElementBytes(ElementType type);
/// `float32`, `int64`…
std::string_view ElementTypeName(ElementType type);

/// The ElementType of a C++ type; float16 is read and written through ToFloats and the session's conversion.
template <class T>
constexpr ElementType ElementTypeOf();
template <>
constexpr ElementType ElementTypeOf<float>() {
  return ElementType::kFloat32;
}
template <>
constexpr ElementType ElementTypeOf<double>() {
  return ElementType::kFloat64;
}
template <>
constexpr ElementType ElementTypeOf<std::int8_t>() {
  return ElementType::kInt8;
}
template <>
constexpr ElementType ElementTypeOf<std::uint8_t>() {
  return ElementType::kUint8;
}
template <>
constexpr ElementType ElementTypeOf<std::int32_t>() {
  return ElementType::kInt32;
}
template <>
constexpr ElementType ElementTypeOf<std::int64_t>() {
  return ElementType::kInt64;
}
template <>
constexpr ElementType ElementTypeOf<bool>() {
  return ElementType::kBool;
}

using Shape = std::vector<std::int64_t>;

/// Product of the dimensions, 1 for a scalar. Throws InternalError for negative ones and products over 2^40.
std::size_t ElementCount(std::span<const std::int64_t> shape);

/// A contiguous row-major array with 64-byte aligned memory of its own (or memory of the runtime that it keeps alive).
/// Moves are cheap, copies share the memory.
class Tensor {
 public:
  Tensor() = default;
  /// Uninitialised elements.
  Tensor(ElementType type, Shape shape);
  /// Keeps `data` alive; it holds all elements.
  static Tensor Adopt(ElementType type, Shape shape, std::shared_ptr<void> data);
  template <class T>
  static Tensor Make(Shape shape) {
    return {ElementTypeOf<T>(), std::move(shape)};
  }

  ElementType type() const { return type_; }
  const Shape& shape() const { return shape_; }
  std::int64_t dim(std::size_t index) const { return shape_.at(index); }
  /// Number of elements.
  std::size_t count() const { return count_; }
  std::size_t size_bytes() const { return count_ * ElementBytes(type_); }
  const void* data() const { return data_.get(); }
  void* data() { return data_.get(); }

  /// The elements. Throws InternalError when T is not the element type.
  template <class T>
  std::span<T> As() {
    CheckType(ElementTypeOf<T>());
    return {static_cast<T*>(data_.get()), count_};
  }
  template <class T>
  std::span<const T> As() const {
    CheckType(ElementTypeOf<T>());
    return {static_cast<const T*>(data_.get()), count_};
  }

  /// Same elements, other shape of the same count (shares the memory).
  Tensor Reshaped(Shape shape) const;
  /// Rows [first, first + count) of the first axis (shares the memory).
  Tensor Rows(std::int64_t first, std::int64_t count) const;
  /// Converted elements; shares the memory when the type is already `type`.
  Tensor ConvertedTo(ElementType type) const;

 private:
  void CheckType(ElementType type) const;

  ElementType type_ = ElementType::kFloat32;
  Shape shape_{0};
  std::size_t count_ = 0;
  std::shared_ptr<void> data_;
};

/// One tensor of the rows of all `parts`, which agree in type and in all axes but the first.
Tensor ConcatRows(std::span<const Tensor> parts);

}  // namespace immich::ml
