#include "platform/pg/testing/pg_fault_proxy.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "platform/async/event_loop.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;

struct Pair {
  Protocol::socket client, server;
  bool cut_on_answer = false;

  void Cut() {
    boost::system::error_code ignored;
    client.close(ignored);
    server.close(ignored);
  }
};

}  // namespace

struct FaultProxy::State {
  asio::any_io_executor executor;
  std::string upstream_path;
  Protocol::acceptor acceptor;
  std::list<std::weak_ptr<Pair>> pairs;
  std::string cut_before, cut_after;
  bool refusing = false;
  std::size_t accepted = 0;

  static Task<void> Accept(std::shared_ptr<State> state) {
    while (state->acceptor.is_open()) {
      auto pair = std::make_shared<Pair>(Protocol::socket(state->executor), Protocol::socket(state->executor));
      boost::system::error_code code;
      co_await state->acceptor.async_accept(pair->client, asio::redirect_error(asio::use_awaitable, code));
      if (code) co_return;
      ++state->accepted;
      if (state->refusing) continue;
      pair->server.connect(state->upstream_path, code);
      if (code) continue;
      state->pairs.push_back(pair);
      Spawn(state->executor, "Proxy", ToServer(state, pair));
      Spawn(state->executor, "Proxy", ToClient(state, pair));
    }
  }

  static Task<void> ToServer(std::shared_ptr<State> state, std::shared_ptr<Pair> pair) {
    std::array<char, 65536> buffer;
    boost::system::error_code code;
    while (true) {
      const auto count =
          co_await pair->client.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, code));
      if (code) break;
      const std::string_view sent(buffer.data(), count);
      if (!state->cut_before.empty() && sent.find(state->cut_before) != sent.npos) {
        state->cut_before.clear();
        break;
      }
      if (!state->cut_after.empty() && sent.find(state->cut_after) != sent.npos) {
        state->cut_after.clear();
        pair->cut_on_answer = true;
      }
      co_await asio::async_write(pair->server, asio::buffer(buffer.data(), count),
                                 asio::redirect_error(asio::use_awaitable, code));
      if (code) break;
    }
    pair->Cut();
  }

  static Task<void> ToClient(std::shared_ptr<State> state, std::shared_ptr<Pair> pair) {
    std::array<char, 65536> buffer;
    boost::system::error_code code;
    while (true) {
      const auto count =
          co_await pair->server.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, code));
      if (code || pair->cut_on_answer) break;
      co_await asio::async_write(pair->client, asio::buffer(buffer.data(), count),
                                 asio::redirect_error(asio::use_awaitable, code));
      if (code) break;
    }
    pair->Cut();
  }
};

FaultProxy::FaultProxy(asio::any_io_executor executor, std::string upstream_path, std::string listen_path)
    : state_(new State{executor, std::move(upstream_path), Protocol::acceptor(executor), {}, {}, {}}) {
  state_->acceptor.open();
  state_->acceptor.bind(listen_path);
  state_->acceptor.listen();
  Spawn(executor, "Proxy", State::Accept(state_));
}

FaultProxy::~FaultProxy() {
  state_->acceptor.close();
  CutAll();
}

void FaultProxy::CutBefore(std::string text) {
  state_->cut_before = std::move(text);
}

void FaultProxy::CutAfter(std::string text) {
  state_->cut_after = std::move(text);
}

void FaultProxy::CutAll() {
  for (const auto& weak : state_->pairs) {
    if (const auto pair = weak.lock()) pair->Cut();
  }
  state_->pairs.clear();
}

void FaultProxy::SetRefusing(bool refusing) {
  state_->refusing = refusing;
}

std::size_t FaultProxy::accepted() const {
  return state_->accepted;
}

}  // namespace immich::pg
