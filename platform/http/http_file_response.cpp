#include <fmt/format.h>

#include <algorithm>

#include "platform/http/http_errors.hpp"
#include "platform/http/http_response.hpp"

namespace immich::http {
namespace {

/// Read into memory and sent with the head in one call; larger files go through sendfile.
constexpr std::uint64_t kMaxBufferedBytes = 64 * 1024;
/// What one turn brings into the page cache ahead of sendfile.
constexpr std::size_t kSendfileBytes = 1024 * 1024;

TimePoint FileTime(const ServedFile& file) {
  return FromUnixMilliseconds((file.modified_ns() + 500'000) / 1'000'000);
}

void AddFileHeaders(Response& response, const ServedFile& file) {
  Headers& headers = response.headers;
  if (!headers.Find("Accept-Ranges")) headers.Add("Accept-Ranges", "bytes");
  if (!headers.Find("Last-Modified")) headers.Add("Last-Modified", ToHttpDate(FileTime(file)));
  if (!headers.Find("ETag")) headers.Add("ETag", FileEtag(file.size_bytes(), file.modified_ns()));
}

/// The 416 keeps nothing of the handler's headers but says how long the file is.
Response UnsatisfiableRange(std::uint64_t size_bytes) {
  Response response = MessageResponse(416, "Range Not Satisfiable");
  response.headers.Add("Content-Range", fmt::format("bytes */{}", size_bytes));
  return response;
}

void RemoveContentHeaders(Headers& headers) {
  for (const std::string_view name : {"Content-Type", "Content-Encoding", "Content-Language", "Content-Range"}) {
    headers.Remove(name);
  }
}

}  // namespace

Task<int> ResponseSender::SendFile(Response response, FileBody body) {
  const std::optional<ServedFile> file = co_await ServedFile::Open(std::move(body.path));
  if (!file) {
    Response missing = MessageResponse(404, body.not_found_message);
    co_return co_await Send(std::move(missing));
  }
  AddFileHeaders(response, *file);
  const std::uint64_t size = file->size_bytes();
  const Validators validators{response.headers.Get("ETag"), ParseHttpDate(response.headers.Get("Last-Modified"))};
  if (IsConditionalMethod() && response.status == 200) {
    if (FailsPrecondition(request_.headers, validators)) {
      Response failed = MessageResponse(412, "Precondition Failed");
      co_return co_await Send(std::move(failed));
    }
    if (IsFresh(request_.headers, validators)) {
      response.status = 304;
      RemoveContentHeaders(response.headers);
      co_await SendWithHead(response, "", "");
      co_return 304;
    }
  }
  RangeDecision decision;
  if (IsConditionalMethod() && response.status == 200) decision = DecideRange(request_.headers, validators, size);
  if (decision.kind == RangeDecision::Kind::kUnsatisfiable) {
    Response unsatisfiable = UnsatisfiableRange(size);
    co_return co_await Send(std::move(unsatisfiable));
  }
  ByteRange range{0, size};
  std::string computed;
  if (decision.kind == RangeDecision::Kind::kPartial) {
    range = decision.range;
    response.status = 206;
    computed = fmt::format("Content-Range: bytes {}-{}/{}\r\n", range.first, range.first + range.length - 1, size);
  }
  computed += fmt::format("Content-Length: {}\r\n", range.length);
  if (request_.method == Method::kHead) range.length = 0;
  co_await SendFilePart(response, std::move(computed), *file, range);
  co_return response.status;
}

Task<void> ResponseSender::SendFilePart(const Response& response, std::string computed, const ServedFile& file,
                                        ByteRange range) {
  if (range.length <= kMaxBufferedBytes) {
    const std::size_t length = static_cast<std::size_t>(range.length);
    // The shared buffer serves while nothing suspends: the usual case of a cached file and a socket with room.
    if (file.TryRead(range.first, std::span(core_.scratch).first(length))) {
      const std::string head = RenderHead(response, computed);
      Transport::Parts parts = MakeParts(head, {core_.scratch.data(), length});
      if (transport_.TryWrite(parts, false)) co_return;
      const std::string rest(static_cast<const char*>(parts[1].iov_base), parts[1].iov_len);
      const std::string_view head_rest(static_cast<const char*>(parts[0].iov_base), parts[0].iov_len);
      co_await transport_.WriteRest(MakeParts(head_rest, rest));
      co_return;
    }
  }
  const std::string head = RenderHead(response, computed);
  Transport::Parts parts = MakeParts(head);
  if (!transport_.TryWrite(parts, range.length > 0)) co_await transport_.WriteRest(parts);
  const std::uint64_t end = range.first + range.length;
  std::uint64_t loaded = range.first;
  for (std::uint64_t offset = range.first; offset < end;) {
    if (offset == loaded) {
      const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(kSendfileBytes, end - offset));
      co_await file.Load(offset, length);
      loaded = offset + length;
    }
    const std::size_t sent =
        co_await transport_.SendFile(file.descriptor(), offset, static_cast<std::size_t>(loaded - offset));
    // The file shrank while it was sent: the length in the head cannot be kept.
    if (sent == 0) throw ClientGone();
    offset += sent;
  }
}

}  // namespace immich::http
