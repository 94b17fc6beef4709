#pragma once

#include <map>
#include <string>
#include <string_view>

namespace immich::notifications {

/// What a template may name in braces: `{displayName}`.
using Variables = std::map<std::string, std::string, std::less<>>;

enum class MailKind { kWelcome, kAlbumInvite, kAlbumUpdate, kTest };

struct RenderedMail {
  std::string subject;
  std::string text;
  std::string html;
};

/// A mail in our words, or in the administrator's when `custom` is not empty. Values are escaped in the HTML.
/// Variables: `baseUrl` always; `displayName`, `username`, `password` (may be empty) for kWelcome; `senderName`,
/// `recipientName`, `albumName`, `albumId` for kAlbumInvite; the last three for kAlbumUpdate; `displayName` for kTest.
RenderedMail RenderMail(MailKind kind, std::string_view custom, const Variables& variables);

/// The kind behind a route's `name`: `welcome`, `album-invite`, `album-update`. Throws BadRequest for others.
MailKind MailKindOf(std::string_view name);
/// Values to show a template with.
Variables ExampleVariables(MailKind kind, std::string_view base_url);

}  // namespace immich::notifications
