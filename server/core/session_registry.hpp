#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/client_device.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

class ClientEvents;

struct NewSession {
  UserId user;
  ClientDevice device;
  /// The session ends with it.
  std::optional<SessionId> parent;
  std::optional<TimePoint> expires_at;
};

struct BegunSession {
  SessionId id;
  /// Shown once; only its SHA-256 is stored.
  std::string token;
  TimePoint created_at, updated_at;
};

/// Begins and ends sessions, for the slices that do (auth, sessions). Clients of an ended session hear of it.
class SessionRegistry {
 public:
  /// Facts: websocket, on_session_delete. The answer to the request that ended the session gets there first.
  static constexpr std::chrono::milliseconds kAnnouncementDelay{500};

  SessionRegistry(boost::asio::any_io_executor executor, pg::Db& db, ClientEvents& events)
      : executor_(std::move(executor)), db_(db), events_(events) {}

  Task<BegunSession> Begin(NewSession session);
  /// Ends a session and those it made. No error when there is none.
  Task<void> End(SessionId id);
  Task<void> EndOthers(UserId user, std::optional<SessionId> stays);

 private:
  void Announce(std::vector<SessionId> ended);

  boost::asio::any_io_executor executor_;
  pg::Db& db_;
  ClientEvents& events_;
};

}  // namespace immich
