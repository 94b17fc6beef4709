#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace immich::ml::testing {

/// For tests: writes small ONNX files, so that no test needs a downloaded model to reach the runtime.
class TestGraph {
 public:
  /// Element types by their ONNX number: 1 float32, 6 int32, 7 int64, 10 float16, 8 string.
  struct Port {
    std::string name;
    /// -1: dynamic.
    std::vector<std::int64_t> shape;
    int element_type = 1;
  };
  TestGraph& Input(Port port);
  TestGraph& Output(Port port);
  TestGraph& Node(std::string_view op_type, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs);
  TestGraph& Metadata(std::string_view key, std::string_view value);
  /// The file's bytes (IR version 8, operator set 13).
  std::string Serialize() const;
  void Save(const std::string& path) const;

 private:
  std::string nodes_, inputs_, outputs_, metadata_;
};

}  // namespace immich::ml::testing
