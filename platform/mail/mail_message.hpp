#pragma once

#include <string>
#include <string_view>

#include "platform/time/time_point.hpp"

namespace immich::mail {

/// A mail with the same content as text and as HTML. Addresses may carry a name: `Photos <photos@example.com>`.
struct Message {
  std::string from;
  std::string to;
  /// Empty: none.
  std::string reply_to;
  std::string subject;
  std::string text;
  std::string html;
};

/// The address without its name: `photos@example.com`. Line breaks are dropped.
std::string AddressOf(std::string_view mailbox);
/// `<random@domain of the sender>`.
std::string MakeMessageId(const Message& message);
/// RFC 5322 and MIME, with CRLF: multipart/alternative in base64, header texts beyond ASCII as encoded words.
std::string FormatMessage(const Message& message, std::string_view message_id, TimePoint now);

}  // namespace immich::mail
