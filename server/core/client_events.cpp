#include "server/core/client_events.hpp"

#include "platform/error/error.hpp"
#include "platform/http/socket_io.hpp"
#include "platform/log/log.hpp"

namespace immich {

Task<void> ClientEvents::Send(std::string room, std::string_view event, std::vector<std::string> arguments) {
  try {
    co_await emitter_.Emit(room, event, std::move(arguments));
  } catch (const Error& error) {
    log::Warn("Events", "{} was not delivered: {}", event, error.what());
  }
}

Task<void> ClientEvents::ToUser(UserId user, std::string_view event, std::vector<std::string> arguments) {
  co_await Send(user.ToString(), event, std::move(arguments));
}

Task<void> ClientEvents::ToSession(SessionId session, std::string_view event, std::vector<std::string> arguments) {
  co_await Send(session.ToString(), event, std::move(arguments));
}

Task<void> ClientEvents::ToAll(std::string_view event, std::vector<std::string> arguments) {
  co_await Send(std::string{}, event, std::move(arguments));
}

std::string JsonId(const Uuid& id) {
  return '"' + id.ToString() + '"';
}

std::string JsonIds(const std::vector<AssetId>& ids) {
  std::string out = "[";
  for (const AssetId& id : ids) {
    if (out.size() > 1) out += ',';
    out += JsonId(id.value);
  }
  out += ']';
  return out;
}

}  // namespace immich
