#include "platform/http/http_router.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

constexpr std::size_t kMethodCount = static_cast<std::size_t>(Method::kOther) + 1;
/// More segments than any pattern has; a longer path matches nothing.
constexpr std::size_t kMaxSegments = 32;

struct Segments {
  std::array<std::string_view, kMaxSegments> items;
  std::size_t count = 0;
  bool too_many = false;
};

/// Splits at `/`; the leading slash and one trailing slash make no segment.
Segments Split(std::string_view path) {
  Segments segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    if (segments.count == kMaxSegments) {
      segments.too_many = true;
      break;
    }
    const std::size_t end = path.find('/');
    segments.items[segments.count++] = path.substr(0, end);
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
    if (path.empty() && segments.count < kMaxSegments) segments.items[segments.count++] = path;
  }
  return segments;
}

bool IsParameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

}  // namespace

struct Router::Node {
  struct Route {
    Handler handler;
    std::vector<std::string> param_names;
  };
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> parameter;
  std::array<std::unique_ptr<Route>, kMethodCount> routes;

  Node& Child(std::string_view segment) {
    if (IsParameter(segment)) {
      if (!parameter) parameter = std::make_unique<Node>();
      return *parameter;
    }
    if (const Node* found = FindLiteral(segment)) return const_cast<Node&>(*found);
    literals.emplace_back(std::string(segment), std::make_unique<Node>());
    return *literals.back().second;
  }

  const Node* FindLiteral(std::string_view segment) const {
    for (const auto& [name, node] : literals) {
      if (EqualsIgnoringCase(name, segment)) return node.get();
    }
    return nullptr;
  }

  const Route* FindRoute(Method method) const {
    const Route* route = routes[static_cast<std::size_t>(method)].get();
    if (route == nullptr && method == Method::kHead) route = routes[static_cast<std::size_t>(Method::kGet)].get();
    return route;
  }

  /// Depth first, literals before the parameter; goes back when a branch ends without a handler for the method.
  const Route* Search(Method method, const Segments& segments, std::size_t depth,
                      std::vector<std::string_view>& values) const {
    if (depth == segments.count) return FindRoute(method);
    const std::string_view segment = segments.items[depth];
    if (const Node* literal = FindLiteral(segment)) {
      if (const Route* route = literal->Search(method, segments, depth + 1, values)) return route;
    }
    if (!parameter || segment.empty()) return nullptr;
    values.push_back(segment);
    if (const Route* route = parameter->Search(method, segments, depth + 1, values)) return route;
    values.pop_back();
    return nullptr;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::On(Method method, std::string_view pattern, Handler handler) {
  const Segments segments = Split(pattern);
  if (segments.too_many) throw InternalError("route " + std::string(pattern) + " has too many segments");
  auto route = std::make_unique<Node::Route>();
  route->handler = std::move(handler);
  Node* node = root_.get();
  for (std::size_t i = 0; i < segments.count; ++i) {
    const std::string_view segment = segments.items[i];
    if (IsParameter(segment)) route->param_names.emplace_back(segment.substr(1, segment.size() - 2));
    node = &node->Child(segment);
  }
  auto& slot = node->routes[static_cast<std::size_t>(method)];
  if (slot) {
    throw InternalError("route " + std::string(ToString(method)) + " " + std::string(pattern) + " is registered twice");
  }
  slot = std::move(route);
}

void Router::Fallback(Handler handler) {
  fallback_ = std::move(handler);
}

Router::Match Router::Find(Method method, std::string_view path) const {
  Match match;
  const Segments segments = Split(path);
  if (segments.too_many) return match;
  std::vector<std::string_view> values;
  const Node::Route* route = root_->Search(method, segments, 0, values);
  if (route == nullptr) return match;
  match.handler = &route->handler;
  match.params.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    match.params.emplace_back(route->param_names[i], PercentDecode(values[i]));
  }
  return match;
}

std::vector<Method> Router::AllowedMethods(std::string_view path) const {
  std::vector<Method> allowed;
  for (std::size_t i = 0; i < kMethodCount; ++i) {
    const auto method = static_cast<Method>(i);
    if (Find(method, path).handler != nullptr) allowed.push_back(method);
  }
  return allowed;
}

}  // namespace immich::http
