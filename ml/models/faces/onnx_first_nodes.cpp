#include "ml/models/faces/onnx_first_nodes.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>

namespace immich::ml {
namespace {

// Field numbers of onnx.proto.
constexpr std::uint64_t kModelGraph = 7;
constexpr std::uint64_t kGraphNode = 1;
constexpr std::uint64_t kNodeName = 3;
constexpr std::uint64_t kMaxNodeBytes = 16 * 1024 * 1024;

/// Walks over the fields of a message in a file without reading what is skipped.
class MessageReader {
 public:
  MessageReader(std::ifstream& file, std::uint64_t end) : file_(file), end_(end) {}

  struct Field {
    std::uint64_t number = 0;
    /// Of a length-delimited field; the position is at its first byte.
    std::uint64_t length = 0;
    bool has_bytes = false;
  };
  /// The next field; other kinds than length-delimited are passed over.
  std::optional<Field> Next() {
    const auto key = Varint();
    if (!key) return std::nullopt;
    switch (*key & 7) {
      case 0:
        return Varint() ? std::optional(Field{*key >> 3}) : std::nullopt;
      case 1:
        return Skip(8) ? std::optional(Field{*key >> 3}) : std::nullopt;
      case 5:
        return Skip(4) ? std::optional(Field{*key >> 3}) : std::nullopt;
      case 2: {
        const auto length = Varint();
        if (!length || *length > end_ - std::min(end_, Position())) return std::nullopt;
        return Field{*key >> 3, *length, true};
      }
      default:
        return std::nullopt;
    }
  }
  std::uint64_t Position() { return static_cast<std::uint64_t>(file_.tellg()); }
  bool Skip(std::uint64_t bytes) {
    if (bytes > end_ - std::min(end_, Position())) return false;
    return static_cast<bool>(file_.seekg(static_cast<std::streamoff>(bytes), std::ios::cur));
  }

 private:
  std::optional<std::uint64_t> Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!file_ || Position() >= end_) return std::nullopt;
      const int byte = file_.get();
      if (byte < 0) return std::nullopt;
      value |= static_cast<std::uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    return std::nullopt;
  }

  std::ifstream& file_;
  std::uint64_t end_;
};

std::string ReadNodeName(std::ifstream& file, std::uint64_t end) {
  MessageReader node(file, end);
  while (const auto field = node.Next()) {
    if (field->number == kNodeName && field->has_bytes) {
      std::string name(field->length, '\0');
      file.read(name.data(), static_cast<std::streamsize>(name.size()));
      return name;
    }
    if (field->has_bytes && !node.Skip(field->length)) break;
  }
  return {};
}

std::vector<std::string> ReadNodes(std::ifstream& file, std::uint64_t end, std::size_t count) {
  std::vector<std::string> names;
  MessageReader graph(file, end);
  while (names.size() < count) {
    const auto field = graph.Next();
    if (!field) break;
    if (!field->has_bytes) continue;
    const std::uint64_t after = graph.Position() + field->length;
    if (field->number == kGraphNode && field->length <= kMaxNodeBytes) names.push_back(ReadNodeName(file, after));
    if (!file.seekg(static_cast<std::streamoff>(after))) break;
  }
  return names;
}

}  // namespace

std::vector<std::string> ReadFirstNodeNames(const std::filesystem::path& onnx_file, std::size_t count) {
  std::error_code error;
  const auto size = std::filesystem::file_size(onnx_file, error);
  std::ifstream file(onnx_file, std::ios::binary);
  if (error || !file) return {};
  MessageReader model(file, size);
  while (const auto field = model.Next()) {
    if (field->number == kModelGraph && field->has_bytes) {
      return ReadNodes(file, model.Position() + field->length, count);
    }
    if (field->has_bytes && !model.Skip(field->length)) break;
  }
  return {};
}

}  // namespace immich::ml
