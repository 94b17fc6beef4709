#include "platform/queue/job_queue.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "platform/queue/queue_scripts.hpp"
#include "platform/redis/redis_client.hpp"

namespace immich::queue {
namespace {

/// Jobs of one run of the script: long enough to be cheap, short enough not to hold up others (about 2 ms).
constexpr std::size_t kBatchJobs = 250;

void AppendJob(std::vector<std::string>& arguments, NewJob job) {
  arguments.push_back(std::move(job.options.job_id));
  arguments.push_back(std::move(job.name));
  arguments.push_back(std::move(job.data));
  arguments.push_back(std::to_string(std::max<std::int64_t>(job.options.delay.count(), 0)));
  arguments.emplace_back(job.options.priority ? "1" : "0");
  arguments.emplace_back(job.options.replace_delayed ? "1" : "0");
}

QueueCounts CountsOfReply(const redis::Reply& reply) {
  QueueCounts counts;
  const bool paused = reply.items.at(4).integer != 0;
  (paused ? counts.paused : counts.waiting) = reply.items.at(0).integer;
  counts.active = reply.items.at(1).integer;
  counts.delayed = reply.items.at(2).integer;
  counts.failed = reply.items.at(3).integer;
  return counts;
}

std::int64_t NumberOf(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// `reply` is {id, name, data, added, delivery, custom, reason}.
Job JobOfReply(const redis::Reply& reply, std::string_view queue) {
  Job job;
  job.id = reply.items.at(0).text;
  job.queue = queue;
  job.name = reply.items.at(1).text;
  job.data = reply.items.at(2).text;
  job.added_at = FromUnixMilliseconds(NumberOf(reply.items.at(3).text));
  job.delivery = static_cast<int>(NumberOf(reply.items.at(4).text));
  job.failure = reply.items.at(6).text;
  return job;
}

std::string_view ListedState(JobState state) {
  switch (state) {
    case JobState::kActive:
      return "active";
    case JobState::kFailed:
      return "failed";
    case JobState::kDelayed:
      return "delayed";
    default:
      return "waiting";
  }
}

}  // namespace

JobQueue::JobQueue(redis::Client& redis) : redis_(redis) {}

Task<void> JobQueue::Add(NewJob job) {
  std::vector<NewJob> jobs;
  jobs.push_back(std::move(job));
  co_await AddAll(std::move(jobs));
}

Task<void> JobQueue::AddAll(std::vector<NewJob> jobs) {
  std::map<std::string, std::vector<std::vector<std::string>>> batches;
  for (NewJob& job : jobs) {
    auto& of_queue = batches[job.queue];
    if (of_queue.empty() || of_queue.back().size() >= 1 + 6 * kBatchJobs) of_queue.push_back({job.queue});
    AppendJob(of_queue.back(), std::move(job));
  }
  for (auto& [queue, of_queue] : batches) {
    std::vector<redis::ScriptCall> calls;
    for (auto& arguments : of_queue) calls.push_back({QueueKeys(queue), std::move(arguments)});
    co_await redis_.RunScripts(AddScript(), std::move(calls));
  }
}

Task<QueueCounts> JobQueue::Counts(std::string_view queue) {
  std::vector<std::string> queues = {std::string(queue)};
  const std::vector<QueueCounts> counts = co_await CountsOf(queues);
  co_return counts.front();
}

Task<std::vector<QueueCounts>> JobQueue::CountsOf(const std::vector<std::string>& queues) {
  std::vector<redis::ScriptCall> calls;
  calls.reserve(queues.size());
  for (const std::string& queue : queues) calls.push_back({QueueKeys(queue), {queue}});
  const std::vector<redis::Reply> replies = co_await redis_.RunScripts(CountsScript(), std::move(calls));
  std::vector<QueueCounts> counts;
  counts.reserve(replies.size());
  for (const redis::Reply& reply : replies) counts.push_back(CountsOfReply(reply));
  co_return counts;
}

Task<bool> JobQueue::IsPaused(std::string_view queue) {
  redis::Command command = {"HEXISTS", QueueKeys(queue)[5], "paused"};
  const redis::Reply reply = co_await redis_.Run(std::move(command));
  co_return reply.integer != 0;
}

Task<void> JobQueue::SetPaused(std::string queue, bool paused) {
  std::vector<std::string> arguments = {queue, paused ? "1" : "0"};
  co_await redis_.RunScript(SetPausedScript(), QueueKeys(queue), std::move(arguments));
}

Task<void> JobQueue::Pause(std::string_view queue) {
  co_await SetPaused(std::string(queue), true);
}

Task<void> JobQueue::Resume(std::string_view queue) {
  co_await SetPaused(std::string(queue), false);
}

Task<void> JobQueue::Empty(std::string_view queue) {
  const std::string name(queue);
  // What is added meanwhile stays: the limits are those of the first call.
  std::vector<std::string> limits = {"", "", ""};
  while (true) {
    std::vector<std::string> arguments = {name};
    arguments.insert(arguments.end(), limits.begin(), limits.end());
    const redis::Reply reply = co_await redis_.RunScript(EmptyScript(), QueueKeys(name), std::move(arguments));
    for (std::size_t i = 0; i < limits.size(); ++i) limits[i] = reply.items.at(i + 1).text;
    if (reply.items.at(0).integer == 0) co_return;
  }
}

Task<void> JobQueue::ClearFailed(std::string_view queue) {
  std::vector<std::string> arguments = {std::string(queue)};
  co_await redis_.RunScript(ClearFailedScript(), QueueKeys(queue), std::move(arguments));
}

Task<std::vector<Job>> JobQueue::List(std::string_view queue, JobState state, std::size_t limit) {
  std::vector<Job> jobs;
  if (state == JobState::kCompleted || limit == 0) co_return jobs;
  const std::string name(queue);
  if (state == JobState::kWaiting || state == JobState::kPaused) {
    const bool paused = co_await IsPaused(name);
    if (paused != (state == JobState::kPaused)) co_return jobs;
  }
  std::vector<std::string> arguments = {name, std::string(ListedState(state)), std::to_string(limit)};
  const redis::Reply reply = co_await redis_.RunScript(ListScript(), QueueKeys(name), std::move(arguments));
  for (const redis::Reply& item : reply.items) jobs.push_back(JobOfReply(item, name));
  co_return jobs;
}

Task<std::int64_t> JobQueue::RetryFailed(std::string_view queue) {
  const std::string name(queue);
  std::int64_t waiting_again = 0;
  while (true) {
    std::vector<std::string> arguments = {name};
    const redis::Reply reply = co_await redis_.RunScript(RetryFailedScript(), QueueKeys(name), std::move(arguments));
    waiting_again += reply.items.at(1).integer;
    if (reply.items.at(0).integer < 500) co_return waiting_again;
  }
}

}  // namespace immich::queue
