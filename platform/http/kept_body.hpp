#pragma once

#include <map>
#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/content_coding.hpp"
#include "platform/http/http_message.hpp"

namespace immich::http {

/// A finished JSON answer that is sent many times: the bytes are shared, and what sending them costs besides is paid
/// once, entity tag and compressed forms. One event loop only.
class KeptBody {
 public:
  using Pointer = std::shared_ptr<const KeptBody>;

  explicit KeptBody(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }

  /// The response that sends `body`; 304 where the conditions of `request` are met. Work on large bodies is done off
  /// the event loop.
  static Task<Response> Respond(const Request& request, int status, Pointer body);

 private:
  using Bytes = std::shared_ptr<const std::string>;

  static Task<std::string> EtagOf(Pointer body);
  static Task<Bytes> CodedForm(Pointer body, ContentCoding coding);

  std::string text_;
  mutable std::string etag_;
  mutable std::map<ContentCoding, Bytes> coded_;
};

}  // namespace immich::http
