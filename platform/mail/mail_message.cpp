#include "platform/mail/mail_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/crypto/text_encoding.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::mail {

namespace {

constexpr std::size_t kLineLength = 76;
// An encoded word may have 75 characters; 45 bytes make 60 of base64.
constexpr std::size_t kWordBytes = 45;

bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string WithoutBreaks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return out;
}

/// Header text: as it is when ASCII, else encoded words cut between characters.
std::string EncodeHeader(std::string_view raw) {
  const std::string text = WithoutBreaks(raw);
  if (IsPlain(text)) return text;
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(begin + kWordBytes, text.size());
    while (end < text.size() && end > begin + 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?B?" + crypto::ToBase64(crypto::AsBytes(std::string_view(text).substr(begin, end - begin))) + "?=";
    begin = end;
  }
  return out;
}

std::string EncodeMailbox(std::string_view mailbox) {
  const std::size_t bracket = mailbox.find('<');
  if (bracket == std::string_view::npos || IsPlain(mailbox)) return WithoutBreaks(mailbox);
  return EncodeHeader(mailbox.substr(0, bracket)) + " <" + AddressOf(mailbox) + ">";
}

std::string EncodeBody(std::string_view text) {
  const std::string encoded = crypto::ToBase64(crypto::AsBytes(text));
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += kLineLength) {
    out.append(encoded, at, kLineLength);
    out += "\r\n";
  }
  return out;
}

std::string Part(std::string_view boundary, std::string_view type, std::string_view text) {
  return fmt::format("--{}\r\nContent-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                     boundary, type, EncodeBody(text));
}

/// `Sun, 06 Nov 1994 08:49:37 +0000`
std::string MailDate(TimePoint now) {
  std::string date = ToHttpDate(now);
  return date.replace(date.size() - 3, 3, "+0000");
}

}  // namespace

std::string AddressOf(std::string_view mailbox) {
  const std::size_t open = mailbox.rfind('<');
  const std::size_t close = mailbox.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
    mailbox = mailbox.substr(open + 1, close - open - 1);
  }
  std::string address = WithoutBreaks(mailbox);
  std::erase(address, ' ');
  return address;
}

std::string MakeMessageId(const Message& message) {
  const std::string sender = AddressOf(message.from);
  const std::size_t at = sender.rfind('@');
  const std::string domain = at == std::string::npos ? "localhost" : sender.substr(at + 1);
  return fmt::format("<{}@{}>", Uuid::Random().ToString(), domain);
}

std::string FormatMessage(const Message& message, std::string_view message_id, TimePoint now) {
  const std::string boundary = "part-" + Uuid::Random().ToString();
  std::string out = fmt::format("From: {}\r\nTo: {}\r\n", EncodeMailbox(message.from), EncodeMailbox(message.to));
  if (!message.reply_to.empty()) out += fmt::format("Reply-To: {}\r\n", EncodeMailbox(message.reply_to));
  out += fmt::format("Subject: {}\r\nMessage-ID: {}\r\nDate: {}\r\nMIME-Version: 1.0\r\n",
                     EncodeHeader(message.subject), message_id, MailDate(now));
  out += fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n", boundary);
  out += Part(boundary, "plain", message.text);
  out += Part(boundary, "html", message.html);
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace immich::mail
