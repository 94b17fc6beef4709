#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace immich {

/// A coroutine that runs on the process's event loop. Nothing in it may block; see platform/async/blocking.hpp.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace immich
