#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/http/content_coding.hpp"
#include "platform/http/http_conditions.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_server_core.hpp"
#include "platform/http/http_transport.hpp"
#include "platform/http/served_file.hpp"

namespace immich::http {

/// Sends one response: framing, entity tags, conditions, ranges, compression and the headers every response carries.
class ResponseSender {
 public:
  ResponseSender(ServerCore& core, Transport& transport, const Request& request, int minor_version, bool keep_alive);

  /// Returns the status sent, which conditions and ranges may have changed. Throws ClientGone, and whatever a
  /// StreamBody throws after its first byte: the connection is then closed in the middle of the body.
  Task<int> Send(Response response);
  /// False when the end of the body is the end of the connection.
  bool keep_alive() const { return keep_alive_; }

 private:
  friend class StreamWriter;

  Task<int> SendBuffered(Response response, std::string body);
  Task<int> SendFile(Response response, FileBody file);
  Task<int> SendStream(Response response, StreamBody stream);
  Task<void> SendFilePart(const Response& response, std::string computed, const ServedFile& file, ByteRange range);
  Task<void> SendWithHead(const Response& response, std::string_view computed, std::string_view body);

  /// True when the response may be compressed; adds `Vary: Accept-Encoding`.
  bool VariesByCoding(Response& response) const;
  ContentCoding CodingFor(Response& response, bool varies) const;
  bool IsConditionalMethod() const;
  /// Status line and all headers; `computed` are complete lines put behind the handler's.
  std::string RenderHead(const Response& response, std::string_view computed);

  ServerCore& core_;
  Transport& transport_;
  const Request& request_;
  int minor_version_;
  bool keep_alive_;
};

}  // namespace immich::http
