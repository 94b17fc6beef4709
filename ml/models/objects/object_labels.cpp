#include "ml/models/objects/object_labels.hpp"

#include <boost/json/object.hpp>
#include <cctype>
#include <charconv>
#include <fstream>

#include "ml/models/model_config.hpp"

namespace immich::ml {
namespace {

constexpr std::size_t kMaxLabels = 100'000;

void SetLabel(std::vector<std::string>& labels, std::string_view number, std::string name) {
  std::size_t index = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), index);
  if (parsed.ec != std::errc() || index >= kMaxLabels) return;
  if (labels.size() <= index) labels.resize(index + 1);
  labels[index] = std::move(name);
}

std::vector<std::string> ReadLines(const std::filesystem::path& file) {
  std::vector<std::string> labels;
  std::ifstream stream(file);
  for (std::string line; labels.size() < kMaxLabels && std::getline(stream, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    labels.push_back(std::move(line));
  }
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  return labels;
}

/// `{0: 'person', 1: "stop sign"}`, as Ultralytics writes the names into the file.
std::vector<std::string> ParseNames(std::string_view text) {
  std::vector<std::string> labels;
  for (std::size_t at = 0; at < text.size();) {
    if (std::isdigit(static_cast<unsigned char>(text[at])) == 0) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    const std::size_t open = text.find_first_of("'\"", end);
    const std::size_t close = open == std::string_view::npos ? open : text.find(text[open], open + 1);
    if (close == std::string_view::npos) break;
    SetLabel(labels, text.substr(at, end - at), std::string(text.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
  return labels;
}

}  // namespace

std::vector<std::string> ReadObjectLabels(const ModelFolder& folder, const InferenceSession& session) {
  for (const auto& file : {folder.type / "labels.txt", folder.root / "labels.txt"}) {
    if (auto labels = ReadLines(file); !labels.empty()) return labels;
  }
  const boost::json::value config = ReadModelConfig(folder.root / "config.json");
  std::vector<std::string> labels;
  if (const auto* names = FindMember(config, {"id2label"}).if_object()) {
    for (const auto& name : *names) {
      if (name.value().is_string()) SetLabel(labels, name.key(), std::string(name.value().get_string()));
    }
    return labels;
  }
  return ParseNames(session.FindMetadata("names").value_or(""));
}

}  // namespace immich::ml
