#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace immich::ml {

/// Names of the first nodes of a graph, read from the file (protobuf): what the runtime does not tell. Fewer when the
/// file is not what it should be.
std::vector<std::string> ReadFirstNodeNames(const std::filesystem::path& onnx_file, std::size_t count);

}  // namespace immich::ml
