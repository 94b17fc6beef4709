#include "ml/sessions/tensor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

Tensor Counting(Shape shape) {
  auto tensor = Tensor::Make<float>(std::move(shape));
  const auto values = tensor.As<float>();
  std::iota(values.begin(), values.end(), 0.0f);
  return tensor;
}

TEST(Tensor, MemoryIsAligned) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Tensor::Make<std::uint8_t>({3}).data()) % 64, 0u);
}

TEST(Tensor, RowsAndConcatUndoEachOther) {
  const Tensor whole = Counting({5, 3});
  const std::vector<Tensor> parts = {whole.Rows(0, 2), whole.Rows(2, 0), whole.Rows(2, 3)};
  const Tensor joined = ConcatRows(parts);
  EXPECT_EQ(joined.shape(), (Shape{5, 3}));
  for (std::size_t i = 0; i < 15; ++i) EXPECT_EQ(joined.As<float>()[i], static_cast<float>(i));
}

TEST(Tensor, WrongUseThrows) {
  const Tensor tensor = Counting({2, 3});
  EXPECT_THROW(tensor.As<int>(), InternalError);
  EXPECT_THROW(tensor.Reshaped({7}), InternalError);
  EXPECT_THROW(tensor.Rows(1, 2), InternalError);
  const std::vector<Tensor> unequal = {tensor, Counting({2, 4})};
  EXPECT_THROW(ConcatRows(unequal), InternalError);
  EXPECT_THROW(Tensor(ElementType::kFloat32, {-1, 3}), InternalError);
  EXPECT_THROW(Tensor(ElementType::kFloat32, {1 << 30, 1 << 30}), InternalError);
}

TEST(Tensor, HalfPrecisionRoundTrip) {
  // Exact in binary16: normal, largest, smallest normal, subnormals, zeros, infinity.
  const std::vector<float> exact = {1.0f,
                                    -2.5f,
                                    65504.0f,
                                    6.103515625e-5f,
                                    5.960464477539063e-8f,
                                    -0.0f,
                                    3.0517578e-5f,
                                    0.0f,
                                    std::numeric_limits<float>::infinity()};
  auto tensor = Tensor::Make<float>({static_cast<std::int64_t>(exact.size())});
  std::copy(exact.begin(), exact.end(), tensor.As<float>().begin());
  const Tensor half = tensor.ConvertedTo(ElementType::kFloat16);
  EXPECT_EQ(half.size_bytes(), exact.size() * 2);
  const Tensor back = half.ConvertedTo(ElementType::kFloat32);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    EXPECT_EQ(back.As<float>()[i], exact[i]) << i;
    EXPECT_EQ(std::signbit(back.As<float>()[i]), std::signbit(exact[i])) << i;
  }
}

TEST(Tensor, HalfPrecisionRoundsToNearestEven) {
  auto tensor = Tensor::Make<float>({4});
  const auto values = tensor.As<float>();
  values[0] = 1.0f + 1.0f / 2048;  // a tie: the even neighbour is 1
  values[1] = 1.0f + 3.0f / 2048;  // a tie: the even neighbour is 1 + 2/1024
  values[2] = 70000.0f;
  values[3] = std::nanf("");
  const Tensor back = tensor.ConvertedTo(ElementType::kFloat16).ConvertedTo(ElementType::kFloat32);
  EXPECT_EQ(back.As<float>()[0], 1.0f);
  EXPECT_EQ(back.As<float>()[1], 1.0f + 2.0f / 1024);
  EXPECT_TRUE(std::isinf(back.As<float>()[2]));
  EXPECT_TRUE(std::isnan(back.As<float>()[3]));
}

}  // namespace
}  // namespace immich::ml
