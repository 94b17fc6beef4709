#include "api/codec/issue_list.hpp"

#include <cstdint>

#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::api {

std::string IssuesJson(const std::vector<Issue>& issues, std::size_t skip) {
  std::string out = "[";
  for (const Issue& issue : issues) {
    out.append("{").append(issue.head).append(",\"path\":[");
    for (std::size_t i = skip; i < issue.path.size(); ++i) {
      const PathElement& element = issue.path[i];
      if (element.is_index) {
        json::AppendInt(out, static_cast<std::int64_t>(element.index));
      } else {
        json::AppendString(out, element.key);
      }
      out.push_back(',');
    }
    json::EndArray(out);
    out.append(",\"message\":");
    json::AppendString(out, issue.message);
    out.append("},");
  }
  json::EndArray(out);
  return out;
}

void ThrowIssue(std::string_view path, std::string_view message) {
  Issue issue{.head = R"("code":"custom")", .path = {}, .message = std::string(message)};
  if (!path.empty()) issue.path.push_back({.key = std::string(path)});
  throw ValidationError(IssuesJson({issue}));
}

}  // namespace immich::api
