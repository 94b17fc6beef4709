#include "platform/async/shared_calls.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>
#include <vector>

namespace immich {

namespace asio = boost::asio;

/// Those who share one run, but for the one who runs it.
struct SharedCalls::Batch {
  std::vector<Waiter*> waiters;
};

struct SharedCalls::State {
  struct Slot {
    std::shared_ptr<Batch> running;
    /// Came after `running` began.
    std::shared_ptr<Batch> next;
  };
  std::unordered_map<std::string, Slot> slots;

  void End(const std::string& key, const std::shared_ptr<Batch>& batch, const std::shared_ptr<const void>& result);
};

struct SharedCalls::Waiter {
  Waiter(const asio::any_io_executor& executor, std::shared_ptr<State> owner, std::string& wanted,
         std::shared_ptr<Batch> joined)
      : state(std::move(owner)),
        key(wanted),
        batch(std::move(joined)),
        timer(executor, asio::steady_timer::time_point::max()) {
    batch->waiters.push_back(this);
  }
  ~Waiter() {
    std::erase(batch->waiters, this);
    if (leads) state->End(key, batch, nullptr);
  }
  void Wake(std::shared_ptr<const void> with) {
    result = std::move(with);
    is_awake = true;
    timer.cancel();
  }

  std::shared_ptr<State> state;
  std::string& key;
  std::shared_ptr<Batch> batch;
  asio::steady_timer timer;
  std::shared_ptr<const void> result;
  bool is_awake = false;
  bool leads = false;
};

/// Gives the result to those who waited for this run, or sends each to work for itself; then the next run begins.
void SharedCalls::State::End(const std::string& key, const std::shared_ptr<Batch>& batch,
                             const std::shared_ptr<const void>& result) {
  for (Waiter* waiter : std::exchange(batch->waiters, {})) waiter->Wake(result);
  const auto slot = slots.find(key);
  slot->second.running = std::exchange(slot->second.next, nullptr);
  if (!slot->second.running || slot->second.running->waiters.empty()) {
    slots.erase(slot);
    return;
  }
  std::vector<Waiter*>& waiters = slot->second.running->waiters;
  Waiter* leader = waiters.front();
  waiters.erase(waiters.begin());
  leader->leads = true;
  leader->Wake(nullptr);
}

SharedCalls::SharedCalls() : state_(std::make_shared<State>()) {}
SharedCalls::~SharedCalls() = default;

SharedCalls::Turn::~Turn() {
  if (batch_) state_->End(key_, batch_, result_);
}

Task<SharedCalls::Turn> SharedCalls::Enter(std::string key) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Turn turn;
  turn.state_ = state_;
  State::Slot& slot = state_->slots[key];
  if (!slot.running) {
    slot.running = std::make_shared<Batch>();
    turn.batch_ = slot.running;
    turn.key_ = std::move(key);
    co_return turn;
  }
  if (!slot.next) slot.next = std::make_shared<Batch>();
  Waiter waiter(executor, state_, key, slot.next);
  boost::system::error_code code;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, code));
  if (!waiter.is_awake) throw boost::system::system_error(code);
  turn.result_ = std::move(waiter.result);
  if (std::exchange(waiter.leads, false)) {
    turn.batch_ = waiter.batch;
    turn.key_ = key;
  }
  co_return turn;
}

}  // namespace immich
