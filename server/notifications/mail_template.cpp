#include "server/notifications/mail_template.hpp"

#include <fmt/format.h>

#include <vector>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::notifications {

namespace {

struct Wording {
  std::string_view subject;
  /// Paragraphs, separated by line breaks.
  std::string_view body;
  std::string_view button;
  std::string_view link;
};

Wording WordingOf(MailKind kind, bool has_password) {
  switch (kind) {
    case MailKind::kWelcome:
      return {.subject = "Welcome to Immich",
              .body = has_password
                          ? "Hello {displayName}!\nAn account was made for you.\nSign in as {username} with the "
                            "password {password} and choose your own."
                          : "Hello {displayName}!\nAn account was made for you.\nSign in as {username}.",
              .button = "Sign in",
              .link = "{baseUrl}/auth/login"};
    case MailKind::kAlbumInvite:
      return {.subject = "{senderName} shares an album with you: {albumName}",
              .body = "Hello {recipientName}!\n{senderName} shares the album {albumName} with you.",
              .button = "Show the album",
              .link = "{baseUrl}/albums/{albumId}"};
    case MailKind::kAlbumUpdate:
      return {.subject = "New in the album {albumName}",
              .body = "Hello {recipientName}!\nThere are new pictures in the album {albumName}.",
              .button = "Show the album",
              .link = "{baseUrl}/albums/{albumId}"};
    case MailKind::kTest:
      break;
  }
  return {.subject = "Test mail from Immich",
          .body = "Hello {displayName}!\nThis mail shows that your server can send mail.",
          .button = "Open Immich",
          .link = "{baseUrl}"};
}

/// Puts the values in; names nobody knows stay as they are written.
std::string Fill(std::string_view pattern, const Variables& variables) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    out += pattern.substr(0, open);
    const auto value = variables.find(pattern.substr(open + 1, close - open - 1));
    out += value != variables.end() ? value->second : std::string(pattern.substr(open, close - open + 1));
    pattern.remove_prefix(close + 1);
  }
  return out += pattern;
}

std::vector<std::string> Paragraphs(std::string_view text) {
  std::vector<std::string> paragraphs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) paragraphs.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return paragraphs;
}

std::string Html(std::string_view body, std::string_view button, std::string_view link) {
  std::string out =
      "<!doctype html><html><body "
      "style=\"margin:0;padding:24px;background:#f4f4f5;font-family:sans-serif;color:#18181b\">"
      "<div style=\"max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:12px\">";
  for (const std::string& paragraph : Paragraphs(body)) out += "<p>" + crypto::EscapeHtml(paragraph) + "</p>";
  out += fmt::format(
      "<p><a href=\"{}\" style=\"display:inline-block;padding:10px 20px;background:#4250af;color:#ffffff;"
      "border-radius:8px;text-decoration:none\">{}</a></p></div></body></html>",
      crypto::EscapeHtml(link), crypto::EscapeHtml(button));
  return out;
}

}  // namespace

RenderedMail RenderMail(MailKind kind, std::string_view custom, const Variables& variables) {
  const auto password = variables.find("password");
  const Wording wording = WordingOf(kind, password != variables.end() && !password->second.empty());
  const std::string body = Fill(custom.empty() ? wording.body : custom, variables);
  const std::string link = Fill(wording.link, variables);
  RenderedMail mail;
  mail.subject = Fill(wording.subject, variables);
  mail.text = body + "\n\n" + link + "\n";
  mail.html = Html(body, wording.button, link);
  return mail;
}

MailKind MailKindOf(std::string_view name) {
  if (name == "welcome") return MailKind::kWelcome;
  if (name == "album-invite") return MailKind::kAlbumInvite;
  if (name == "album-update") return MailKind::kAlbumUpdate;
  throw BadRequest("Unknown template");
}

Variables ExampleVariables(MailKind kind, std::string_view base_url) {
  Variables variables{{"baseUrl", std::string(base_url)}};
  if (kind == MailKind::kWelcome || kind == MailKind::kTest) {
    variables.insert({{"displayName", "Alex Doe"}, {"username", "alex@example.com"}, {"password", "secret"}});
  } else {
    variables.insert({{"senderName", "Kim Roe"},
                      {"recipientName", "Alex Doe"},
                      {"albumName", "Summer"},
                      {"albumId", "00000000-0000-4000-8000-000000000000"}});
  }
  return variables;
}

}  // namespace immich::notifications
