#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"

namespace immich::http {

using Handler = std::function<Task<Response>(Request&)>;

/// Matches method + path to a handler. Patterns: `/api/albums/{id}/assets`; a literal segment wins over a parameter.
/// The tree is built once; a match allocates nothing but the parameter values.
class Router {
 public:
  Router();
  ~Router();
  /// Throws InternalError when the same method and pattern are registered twice.
  void On(Method method, std::string_view pattern, Handler handler);
  /// For everything no pattern matches (web app, static files). HEAD is served by GET handlers.
  void Fallback(Handler handler);

  struct Match {
    const Handler* handler = nullptr;
    std::vector<std::pair<std::string_view, std::string>> params;
  };
  /// `path` is the raw (percent-encoded) path; segments are decoded after the split.
  /// Literal segments compare without case and a trailing slash is ignored, as in the original.
  Match Find(Method method, std::string_view path) const;
  /// Methods with a handler for `path`, for answering OPTIONS.
  std::vector<Method> AllowedMethods(std::string_view path) const;
  const Handler& fallback() const { return fallback_; }

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  Handler fallback_;
};

}  // namespace immich::http
