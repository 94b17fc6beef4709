#include "ml/testing/test_graph.hpp"

#include <fstream>

namespace immich::ml::testing {
namespace {

// Field numbers of onnx.proto.
constexpr int kModelIrVersion = 1, kModelGraph = 7, kModelOpset = 8, kModelMetadata = 14;
constexpr int kGraphNode = 1, kGraphName = 2, kGraphInput = 11, kGraphOutput = 12;
constexpr int kNodeInput = 1, kNodeOutput = 2, kNodeOpType = 4;

std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
  return out + static_cast<char>(value);
}

std::string Number(int field, std::int64_t value) {
  return Varint(static_cast<std::uint64_t>(field) << 3) + Varint(static_cast<std::uint64_t>(value));
}

std::string Bytes(int field, std::string_view bytes) {
  return Varint((static_cast<std::uint64_t>(field) << 3) | 2) + Varint(bytes.size()) + std::string(bytes);
}

std::string ValueInfo(const TestGraph::Port& port) {
  std::string shape;
  for (const std::int64_t dim : port.shape) shape += Bytes(1, dim < 0 ? Bytes(2, "n") : Number(1, dim));
  const std::string tensor = Number(1, port.element_type) + Bytes(2, shape);
  return Bytes(1, port.name) + Bytes(2, Bytes(1, tensor));
}

}  // namespace

TestGraph& TestGraph::Input(Port port) {
  inputs_ += Bytes(kGraphInput, ValueInfo(port));
  return *this;
}

TestGraph& TestGraph::Output(Port port) {
  outputs_ += Bytes(kGraphOutput, ValueInfo(port));
  return *this;
}

TestGraph& TestGraph::Node(std::string_view op_type, const std::vector<std::string>& inputs,
                           const std::vector<std::string>& outputs) {
  std::string node;
  for (const std::string& input : inputs) node += Bytes(kNodeInput, input);
  for (const std::string& output : outputs) node += Bytes(kNodeOutput, output);
  nodes_ += Bytes(kGraphNode, node + Bytes(kNodeOpType, op_type));
  return *this;
}

TestGraph& TestGraph::Metadata(std::string_view key, std::string_view value) {
  metadata_ += Bytes(kModelMetadata, Bytes(1, key) + Bytes(2, value));
  return *this;
}

std::string TestGraph::Serialize() const {
  constexpr int kIrVersion = 8, kOpset = 13;
  const std::string graph = nodes_ + Bytes(kGraphName, "test") + inputs_ + outputs_;
  return Number(kModelIrVersion, kIrVersion) + Bytes(kModelGraph, graph) + Bytes(kModelOpset, Number(2, kOpset)) +
         metadata_;
}

void TestGraph::Save(const std::string& path) const {
  std::ofstream file(path, std::ios::binary);
  const std::string bytes = Serialize();
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace immich::ml::testing
