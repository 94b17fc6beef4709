#include "platform/http/kept_body.hpp"

#include <fmt/format.h>

#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/http/http_conditions.hpp"

namespace immich::http {

Task<std::string> KeptBody::EtagOf(Pointer body) {
  if (!body->etag_.empty()) co_return body->etag_;
  if (body->text_.size() <= kMaxHashedOnLoopBytes) {
    body->etag_ = StrongEtag(body->text_);
  } else {
    auto hash = [body] { return StrongEtag(body->text_); };
    std::string etag = co_await RunBlocking(std::move(hash));
    body->etag_ = std::move(etag);
  }
  co_return body->etag_;
}

Task<KeptBody::Bytes> KeptBody::CodedForm(Pointer body, ContentCoding coding) {
  // The body itself under another pointer.
  if (coding == ContentCoding::kIdentity) co_return Bytes(body, &body->text_);
  if (const auto kept = body->coded_.find(coding); kept != body->coded_.end()) co_return kept->second;
  auto compress = [body, coding] { return std::make_shared<const std::string>(Compress(coding, body->text_)); };
  Bytes coded;
  if (body->text_.size() <= kMaxCompressedOnLoopBytes) {
    coded = compress();
  } else {
    coded = co_await RunBlocking(std::move(compress));
  }
  body->coded_.emplace(coding, coded);
  co_return coded;
}

Task<Response> KeptBody::Respond(const Request& request, int status, Pointer body) {
  std::string etag = co_await EtagOf(body);
  const bool is_conditional = request.method == Method::kGet || request.method == Method::kHead;
  const Validators validators{etag, std::nullopt};
  if (is_conditional && status < 300 && IsFresh(request.headers, validators)) {
    Response fresh = Response::Empty(304);
    fresh.headers.Add("ETag", std::move(etag));
    co_return fresh;
  }
  const bool can_shrink = body->text_.size() >= kCompressFromBytes && request.method != Method::kHead;
  const ContentCoding coding =
      can_shrink ? NegotiateCoding(request.headers.Get("Accept-Encoding")) : ContentCoding::kIdentity;
  if (coding == ContentCoding::kIdentity && !can_shrink) {
    Response response = Response::Json(status, body->text_);
    response.headers.Add("ETag", std::move(etag));
    co_return response;
  }
  Bytes bytes = co_await CodedForm(std::move(body), coding);
  const std::size_t length = bytes->size();
  auto send = [bytes = std::move(bytes)](BodyWriter& writer) -> Task<void> { co_await writer.Write(*bytes); };
  Response response = Response::Stream("application/json; charset=utf-8", std::move(send));
  response.status = status;
  response.headers.Add("Content-Length", fmt::format_int(length).str());
  response.headers.Add("ETag", std::move(etag));
  // Whatever sends it leaves what is coded as it is.
  if (coding != ContentCoding::kIdentity) response.headers.Add("Content-Encoding", std::string(ToString(coding)));
  co_return response;
}

}  // namespace immich::http
