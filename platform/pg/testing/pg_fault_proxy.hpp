#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"

namespace immich::pg {

/// For tests: stands between a client and PostgreSQL's unix socket and breaks connections at a chosen moment.
class FaultProxy {
 public:
  /// `upstream_path` and `listen_path` are socket files (`…/.s.PGSQL.5432`).
  FaultProxy(boost::asio::any_io_executor executor, std::string upstream_path, std::string listen_path);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  /// Closes both sides as soon as the client sends `text`, before the server sees it.
  void CutBefore(std::string text);
  /// Passes the client's bytes with `text` on and closes both sides when the server answers.
  void CutAfter(std::string text);
  void CutAll();
  /// New connections are closed at once while refusing.
  void SetRefusing(bool refusing);
  std::size_t accepted() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich::pg
