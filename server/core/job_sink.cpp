#include "server/core/job_sink.hpp"

#include <fmt/format.h>

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"

namespace immich {

Task<void> JobSink::EnqueueOrLog(std::vector<Request> requests) {
  const std::size_t count = requests.size();
  const std::string first(count == 0 ? std::string_view{} : requests.front().name);
  try {
    co_await Enqueue(std::move(requests));
  } catch (const Error& error) {
    log::Warn("Jobs", "{} job(s) starting with {} were not queued ({}); the search for lost jobs will find them", count,
              first, error.what());
  }
}

std::string JobDataWithId(const Uuid& id) {
  return fmt::format(R"({{"id":"{}"}})", id.ToString());
}

std::string JobDataWithSource(const Uuid& id, std::string_view source) {
  return fmt::format(R"({{"id":"{}","source":"{}"}})", id.ToString(), source);
}

}  // namespace immich
