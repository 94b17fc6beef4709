#include "platform/http/http_response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/http/http_errors.hpp"
#include "platform/http/http_head.hpp"
#include "platform/http/stream_writer.hpp"
#include "platform/http/url_encoding.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

/// The operator's headers stand in the place of the handlers' of that name.
bool IsReplaced(std::string_view name, const std::vector<std::pair<std::string, std::string>>& extra_headers) {
  return std::ranges::any_of(extra_headers,
                             [name](const auto& extra) { return EqualsIgnoringCase(extra.first, name); });
}

/// Headers that are the server's own business.
bool IsFramingHeader(std::string_view name) {
  return EqualsIgnoringCase(name, "Connection") || EqualsIgnoringCase(name, "Keep-Alive") ||
         EqualsIgnoringCase(name, "Transfer-Encoding") || EqualsIgnoringCase(name, "Content-Length") ||
         EqualsIgnoringCase(name, "Date");
}

bool IsSafeHeader(std::string_view name, std::string_view value) {
  constexpr std::string_view kLineEnds("\r\n\0", 3);
  return name.find_first_of(kLineEnds) == std::string_view::npos &&
         value.find_first_of(kLineEnds) == std::string_view::npos;
}

void AppendLine(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool HasNoBody(int status) {
  return status == 204 || status == 304 || status < 200;
}

/// Entity tag of `body`; a large one is hashed off the event loop.
Task<std::string> HashBody(std::string& body) {
  if (body.size() <= kMaxHashedOnLoopBytes) co_return StrongEtag(body);
  // The pool may still be at it when the connection is gone: it shares the bytes.
  const auto shared = std::make_shared<std::string>(std::move(body));
  auto hash = [shared] { return StrongEtag(*shared); };
  std::string etag = co_await RunBlocking(std::move(hash));
  body = std::move(*shared);
  co_return etag;
}

Task<void> CompressBody(ContentCoding coding, std::string& body) {
  if (body.size() <= kMaxCompressedOnLoopBytes) {
    body = Compress(coding, body);
    co_return;
  }
  auto compress = [coding, plain = std::move(body)] { return Compress(coding, plain); };
  body = co_await RunBlocking(std::move(compress));
}

std::optional<TimePoint> LastModified(const Response& response) {
  const auto header = response.headers.Find("Last-Modified");
  return header ? ParseHttpDate(*header) : std::nullopt;
}

}  // namespace

ResponseSender::ResponseSender(ServerCore& core, Transport& transport, const Request& request, int minor_version,
                               bool keep_alive)
    : core_(core), transport_(transport), request_(request), minor_version_(minor_version), keep_alive_(keep_alive) {}

Task<int> ResponseSender::Send(Response response) {
  if (auto* text = std::get_if<std::string>(&response.body)) {
    std::string body = std::move(*text);
    co_return co_await SendBuffered(std::move(response), std::move(body));
  }
  if (auto* file = std::get_if<FileBody>(&response.body)) {
    FileBody body = std::move(*file);
    co_return co_await SendFile(std::move(response), std::move(body));
  }
  StreamBody stream = std::move(std::get<StreamBody>(response.body));
  co_return co_await SendStream(std::move(response), std::move(stream));
}

bool ResponseSender::IsConditionalMethod() const {
  return request_.method == Method::kGet || request_.method == Method::kHead;
}

bool ResponseSender::VariesByCoding(Response& response) const {
  if (ListHasToken(response.headers.Get("Cache-Control"), "no-transform")) return false;
  const std::string_view type = response.headers.Get("Content-Type");
  const bool is_listed = IsCompressible(type) || type.starts_with("application/octet-stream");
  if (type.empty() || !is_listed) return false;
  if (const auto vary = response.headers.Find("Vary")) {
    if (!ListHasToken(*vary, "Accept-Encoding")) response.headers.Set("Vary", std::string(*vary) + ", Accept-Encoding");
    return true;
  }
  response.headers.Add("Vary", "Accept-Encoding");
  return true;
}

ContentCoding ResponseSender::CodingFor(Response& response, bool varies) const {
  // Compat: POST /download/archive: the original would compress archives of compressed pictures once more.
  const bool can_shrink = varies && IsCompressible(response.headers.Get("Content-Type")) &&
                          !response.headers.Find("Content-Encoding") && request_.method != Method::kHead;
  if (!can_shrink) return ContentCoding::kIdentity;
  const ContentCoding coding = NegotiateCoding(request_.headers.Get("Accept-Encoding"));
  if (coding != ContentCoding::kIdentity) response.headers.Add("Content-Encoding", std::string(ToString(coding)));
  return coding;
}

Task<int> ResponseSender::SendBuffered(Response response, std::string body) {
  if (HasNoBody(response.status)) {
    response.headers.Remove("Content-Type");
    co_await SendWithHead(response, "", "");
    co_return response.status;
  }
  const bool is_redirect = response.status >= 300 && response.status < 400;
  if (response.headers.Find("Content-Type") && !is_redirect && !response.headers.Find("ETag")) {
    std::string etag = co_await HashBody(body);
    response.headers.Add("ETag", std::move(etag));
  }
  const Validators validators{response.headers.Get("ETag"), LastModified(response)};
  if (IsConditionalMethod() && response.status < 300 && IsFresh(request_.headers, validators)) {
    response.status = 304;
    response.headers.Remove("Content-Type");
    co_await SendWithHead(response, "", "");
    co_return 304;
  }
  const bool varies = VariesByCoding(response);
  const ContentCoding coding =
      body.size() < kCompressFromBytes ? ContentCoding::kIdentity : CodingFor(response, varies);
  if (coding != ContentCoding::kIdentity) co_await CompressBody(coding, body);
  const std::string computed = fmt::format("Content-Length: {}\r\n", body.size());
  co_await SendWithHead(response, computed, request_.method == Method::kHead ? std::string_view{} : body);
  co_return response.status;
}

Task<void> ResponseSender::SendWithHead(const Response& response, std::string_view computed, std::string_view body) {
  const std::string head = RenderHead(response, computed);
  Transport::Parts parts = MakeParts(head, body);
  if (!transport_.TryWrite(parts, false)) co_await transport_.WriteRest(parts);
}

std::string ResponseSender::RenderHead(const Response& response, std::string_view computed) {
  std::string out;
  out.reserve(640);
  out.append("HTTP/1.1 ").append(fmt::format_int(response.status).c_str()).append(" ");
  out.append(ReasonPhrase(response.status)).append("\r\n");
  if (!response.headers.Find("X-Correlation-ID")) AppendLine(out, "X-Correlation-ID", request_.correlation_id);
  for (const auto& [name, value] : response.headers.items()) {
    if (IsFramingHeader(name) || IsReplaced(name, core_.options.extra_headers)) continue;
    if (IsSafeHeader(name, value)) {
      AppendLine(out, name, value);
    } else {
      log::Error("Http", "the header {} of {} holds a line end and was dropped", name, request_.path);
    }
  }
  for (const auto& [name, value] : core_.options.extra_headers) AppendLine(out, name, value);
  out.append(computed);
  AppendLine(out, "Date", core_.HttpDate());
  // Compat: all routes: the original's keep-alive line; ours keeps idle connections longer than it says.
  out.append(keep_alive_ ? "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n" : "Connection: close\r\n\r\n");
  return out;
}

Task<int> ResponseSender::SendStream(Response response, StreamBody stream) {
  const bool varies = VariesByCoding(response);
  const ContentCoding coding = CodingFor(response, varies);
  const auto known_length = response.headers.Find("Content-Length");
  StreamWriter::Framing framing = StreamWriter::Framing::kChunked;
  std::string computed = "Transfer-Encoding: chunked\r\n";
  if (known_length && coding == ContentCoding::kIdentity) {
    framing = StreamWriter::Framing::kPlain;
    computed = fmt::format("Content-Length: {}\r\n", *known_length);
  } else if (minor_version_ == 0) {
    framing = StreamWriter::Framing::kPlain;
    keep_alive_ = false;
    computed.clear();
  }
  std::string head = RenderHead(response, computed);
  if (request_.method == Method::kHead || HasNoBody(response.status)) {
    co_await transport_.Write(head);
    co_return response.status;
  }
  StreamWriter writer(transport_, std::move(head), framing, coding);
  std::exception_ptr failure;
  try {
    co_await stream(writer);
    co_await writer.Finish();
  } catch (...) {
    if (writer.has_sent_head()) throw;
    failure = std::current_exception();
  }
  if (!failure) co_return response.status;
  Response error = ToErrorResponse(failure, request_);
  co_return co_await Send(std::move(error));
}

}  // namespace immich::http
