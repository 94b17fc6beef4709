#include "platform/queue/queue_scripts.hpp"

#include <fmt/format.h>

namespace immich::queue {
namespace {

/// What all scripts share. A job travels as the list {id, name, data, added, deliveries, custom}.
constexpr std::string_view kPrelude = R"lua(
local stream, priority, delayed, ids, failed, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local queue, group = ARGV[1], 'workers'

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function text(number)
  return string.format('%.0f', number)
end

local function wake()
  redis.call('PUBLISH', 'immich_queue:wake', queue)
end

local function job_of(entry)
  local f = entry[2]
  return {f[2], f[4], f[6], f[8], f[10], f[12]}
end

local function push(key, job)
  redis.call('XADD', key, '*', 'i', job[1], 'n', job[2], 'd', job[3], 't', job[4], 'c', job[5], 'k', job[6])
end

local function free_id(job)
  if job[6] == '1' then redis.call('HDEL', ids, job[1]) end
end

local function add_failed(job, delivery, reason)
  redis.call('LPUSH', failed, cmsgpack.pack({job[1], job[2], job[3], job[4], delivery, job[6], reason}))
  local surplus = redis.call('LLEN', failed) - MAX_FAILED
  if surplus > 0 then
    redis.call('LTRIM', failed, 0, MAX_FAILED - 1)
    redis.call('HINCRBY', meta, 'failed_dropped', surplus)
  end
end

-- Takes a delivered entry out of its stream; false when it is no longer delivered to anybody.
local function remove_entry(key, id)
  if redis.call('XACK', key, group, id) == 0 then return false end
  redis.call('XDEL', key, id)
  return true
end

-- Puts a delivered entry back to waiting, ahead of the others. A counted delivery may be the last one.
local function give_back(key, id, counted, max_deliveries)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not remove_entry(key, id) or not entry then return end
  local job = job_of(entry)
  if counted then job[5] = text(job[5] + 1) end
  if counted and tonumber(job[5]) >= max_deliveries then
    free_id(job)
    add_failed(job, job[5], 'stalled')
  else
    push(priority, job)
  end
end

-- Delivered entries, optionally of one consumer or idle for some time: {id, consumer, idle ms, deliveries} each.
local function pending(key, idle_ms, consumer)
  local arguments = {'XPENDING', key, group}
  if idle_ms then
    arguments[#arguments + 1] = 'IDLE'
    arguments[#arguments + 1] = idle_ms
  end
  for _, argument in ipairs({'-', '+', '10000'}) do arguments[#arguments + 1] = argument end
  if consumer then arguments[#arguments + 1] = consumer end
  local found = redis.pcall(unpack(arguments))
  if found.err then return {} end
  return found
end

local function pending_count(key)
  local summary = redis.pcall('XPENDING', key, group)
  if summary.err then return 0 end
  return summary[1]
end

-- Where waiting entries begin.
local function first_waiting(key)
  local groups = redis.pcall('XINFO', 'GROUPS', key)
  if groups.err or not groups[1] then return '-' end
  for i = 1, #groups[1], 2 do
    if groups[1][i] == 'last-delivered-id' then return '(' .. groups[1][i + 1] end
  end
  return '-'
end
)lua";

std::string WithPrelude(std::string_view script) {
  return fmt::format("local MAX_FAILED = {}\n", kMaxFailedKept) + std::string(kPrelude) + std::string(script);
}

}  // namespace

std::vector<std::string> QueueKeys(std::string_view queue) {
  std::vector<std::string> keys;
  for (const char* part : {"stream", "priority", "delayed", "ids", "failed", "meta"}) {
    keys.push_back(fmt::format("immich_queue:{{{}}}:{}", queue, part));
  }
  return keys;
}

/// ARGV: queue, then id or "", name, data, delay (ms), priority 0/1, replace delayed 0/1 for each job.
/// Returns how many were added.
const std::string& AddScript() {
  static const std::string kScript = WithPrelude(R"lua(
local now, added = now_ms(), 0
for i = 2, #ARGV, 6 do
  local id, name, data, delay_ms, ahead, replace = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  local custom, wanted = '0', true
  if id == '' then
    id = text(redis.call('HINCRBY', meta, 'next_id', 1))
  else
    custom = '1'
    local known = redis.call('HGET', ids, id)
    if known and known ~= '' and replace == '1' then
      redis.call('ZREM', delayed, known)
    elseif known then
      wanted = false
    end
  end
  if wanted then
    local job = {id, name, data, text(now), '0', custom, ahead}
    local packed = ''
    if tonumber(delay_ms) > 0 then
      packed = cmsgpack.pack(job)
      redis.call('ZADD', delayed, now + delay_ms, packed)
    else
      push(ahead == '1' and priority or stream, job)
    end
    if custom == '1' then redis.call('HSET', ids, id, packed) end
    added = added + 1
  end
end
if added > 0 then wake() end
return added
)lua");
  return kScript;
}

/// ARGV: queue, consumer, how many to take, then for each job that ended: stream key, entry, outcome (0 done, 1 failed,
/// 2 give back), delivery, reason. Promotes delayed jobs and takes waiting ones.
/// Returns {ms until the next delayed job or -1, entries of `priority`, entries of `stream`}.
const std::string& ExchangeScript() {
  static const std::string kScript = WithPrelude(R"lua(
local consumer, room = ARGV[2], tonumber(ARGV[3])

for i = 4, #ARGV, 5 do
  local key, id, outcome = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if outcome == '2' then
    give_back(key, id, false, 0)
    wake()
  else
    local entry = redis.call('XRANGE', key, id, id)[1]
    if remove_entry(key, id) and entry then
      local job = job_of(entry)
      free_id(job)
      if outcome == '1' then add_failed(job, ARGV[i + 3], ARGV[i + 4]) end
    end
  end
end

local now = now_ms()
for _, packed in ipairs(redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'LIMIT', 0, 1000)) do
  local job = cmsgpack.unpack(packed)
  redis.call('ZREM', delayed, packed)
  if job[6] == '1' then redis.call('HSET', ids, job[1], '') end
  push(job[7] == '1' and priority or stream, job)
end
local due_ms = -1
local next_delayed = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
if next_delayed[2] then due_ms = math.max(0, next_delayed[2] - now) end

local function take(key)
  if room <= 0 then return {} end
  local command = {'XREADGROUP', 'GROUP', group, consumer, 'COUNT', room, 'STREAMS', key, '>'}
  local reply = redis.pcall(unpack(command))
  if reply and reply.err then
    redis.call('XGROUP', 'CREATE', key, group, '0', 'MKSTREAM')
    reply = redis.call(unpack(command))
  end
  if not reply then return {} end
  room = room - #reply[1][2]
  return reply[1][2]
end

if redis.call('HEXISTS', meta, 'paused') == 1 then return {due_ms, {}, {}} end
local first = take(priority)
return {due_ms, first, take(stream)}
)lua");
  return kScript;
}

/// ARGV: queue, consumer, lease (ms), reclaim 0/1, max deliveries, recover own 0/1, then stream key and entry of each
/// running job. Renews leases, gives back what dead workers held and what this worker holds without knowing.
/// Returns how many were given back.
const std::string& SweepScript() {
  static const std::string kScript = WithPrelude(R"lua(
local consumer, lease_ms, max_deliveries = ARGV[2], ARGV[3], tonumber(ARGV[5])
redis.call('HSET', meta, 'lease', lease_ms)

local running = {}
for i = 7, #ARGV, 2 do
  redis.pcall('XCLAIM', ARGV[i], group, consumer, 0, ARGV[i + 1], 'JUSTID')
  running[ARGV[i] .. ARGV[i + 1]] = true
end

local returned = 0
for _, key in ipairs({priority, stream}) do
  if ARGV[6] == '1' then
    -- A third of a lease: entries of an exchange whose answer is still on its way are younger.
    for _, entry in ipairs(pending(key, text(math.floor(lease_ms / 3)), consumer)) do
      if not running[key .. entry[1]] then
        give_back(key, entry[1], false, max_deliveries)
        returned = returned + 1
      end
    end
  end
  if ARGV[4] == '1' then
    for _, entry in ipairs(pending(key, lease_ms, nil)) do
      give_back(key, entry[1], true, max_deliveries)
      returned = returned + 1
    end
    local consumers = redis.pcall('XINFO', 'CONSUMERS', key)
    for _, other in ipairs(consumers.err and {} or consumers) do
      -- {name, <name>, pending, <n>, idle, <ms>}: a consumer comes back by itself when it reads again.
      if other[4] == 0 and other[6] > 10 * lease_ms then redis.call('XGROUP', 'DELCONSUMER', key, group, other[2]) end
    end
  end
end
if returned > 0 then wake() end
return returned
)lua");
  return kScript;
}

/// ARGV: queue. Returns {waiting, active, delayed, failed, paused 0/1}.
const std::string& CountsScript() {
  static const std::string kScript = WithPrelude(R"lua(
local lease_ms = redis.call('HGET', meta, 'lease') or '30000'
local active = 0
for _, key in ipairs({priority, stream}) do
  local delivered = pending_count(key)
  -- Those whose lease has run out wait for another worker.
  if delivered > 0 then active = active + delivered - #pending(key, lease_ms, nil) end
end
local waiting = redis.call('XLEN', stream) + redis.call('XLEN', priority) - active
local dropped = redis.call('HGET', meta, 'failed_dropped') or 0
return {waiting, active, redis.call('ZCARD', delayed), redis.call('LLEN', failed) + dropped,
        redis.call('HEXISTS', meta, 'paused')}
)lua");
  return kScript;
}

/// ARGV: queue, state (waiting, active, delayed, failed), limit. Returns {id, name, data, added, delivery, custom,
/// reason} each, newest first.
const std::string& ListScript() {
  static const std::string kScript = WithPrelude(R"lua(
local state, limit, jobs = ARGV[2], tonumber(ARGV[3]), {}

local function add(job)
  jobs[#jobs + 1] = {job[1], job[2], job[3], job[4], text(job[5]), job[6], job[7] or ''}
end

-- Both streams newest first; the entry's number settles equal times.
local function merge_streams(entries)
  table.sort(entries, function(a, b)
    if a[4] ~= b[4] then return tonumber(a[4]) > tonumber(b[4]) end
    return a[8] < b[8]
  end)
  for i = 1, math.min(limit, #entries) do add(entries[i]) end
end

if state == 'waiting' then
  local found = {}
  for _, key in ipairs({stream, priority}) do
    for _, entry in ipairs(redis.call('XREVRANGE', key, '+', first_waiting(key), 'COUNT', limit)) do
      local job = job_of(entry)
      job[8] = #found
      found[#found + 1] = job
    end
  end
  merge_streams(found)
elseif state == 'active' then
  local found = {}
  for _, key in ipairs({stream, priority}) do
    local delivered = pending(key, nil, nil)
    for i = #delivered, 1, -1 do
      local entry = redis.call('XRANGE', key, delivered[i][1], delivered[i][1])[1]
      if entry then
        local job = job_of(entry)
        job[5], job[8] = job[5] + 1, #found
        found[#found + 1] = job
      end
    end
  end
  merge_streams(found)
elseif state == 'delayed' then
  for _, packed in ipairs(redis.call('ZREVRANGE', delayed, 0, limit - 1)) do
    local job = cmsgpack.unpack(packed)
    job[7] = ''
    add(job)
  end
else
  for _, packed in ipairs(redis.call('LRANGE', failed, 0, limit - 1)) do add(cmsgpack.unpack(packed)) end
end
return jobs
)lua");
  return kScript;
}

/// ARGV: queue, last entry of `stream`, of `priority` and last due time to remove, or "" at the first call. Removes at
/// most 1000 of each. Returns {removed, the three limits}; call again with the limits until nothing is removed.
const std::string& EmptyScript() {
  static const std::string kScript = WithPrelude(R"lua(
local removed, limits = 0, {}
for i, key in ipairs({stream, priority}) do
  local limit = ARGV[1 + i]
  if limit == '' then
    local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
    limit = last and last[1] or '0-1'
  end
  limits[i] = limit
  for _, entry in ipairs(redis.call('XRANGE', key, first_waiting(key), limit, 'COUNT', 1000)) do
    redis.call('XDEL', key, entry[1])
    free_id(job_of(entry))
    removed = removed + 1
  end
end
if ARGV[4] == '' then
  for _, packed in ipairs(redis.call('ZRANGE', delayed, 0, -1)) do
    local job = cmsgpack.unpack(packed)
    free_id(job)
    removed = removed + 1
  end
  redis.call('DEL', delayed)
end
return {removed, limits[1], limits[2], 'done'}
)lua");
  return kScript;
}

/// ARGV: queue. Puts at most 500 failed jobs back to waiting, oldest first; those whose id is taken meanwhile are
/// dropped. Returns {how many left the list, how many wait again}.
const std::string& RetryFailedScript() {
  static const std::string kScript = WithPrelude(R"lua(
local taken, again = 0, 0
while taken < 500 do
  local packed = redis.call('RPOP', failed)
  if not packed then
    redis.call('HDEL', meta, 'failed_dropped')
    break
  end
  taken = taken + 1
  local job = cmsgpack.unpack(packed)
  job[5] = '0'
  if job[6] ~= '1' or redis.call('HSETNX', ids, job[1], '') == 1 then
    push(stream, job)
    again = again + 1
  end
end
if again > 0 then wake() end
return {taken, again}
)lua");
  return kScript;
}

/// ARGV: queue.
const std::string& ClearFailedScript() {
  static const std::string kScript = WithPrelude(R"lua(
redis.call('HDEL', meta, 'failed_dropped')
return redis.call('UNLINK', failed)
)lua");
  return kScript;
}

/// ARGV: queue, 0/1.
const std::string& SetPausedScript() {
  static const std::string kScript = WithPrelude(R"lua(
if ARGV[2] == '1' then
  redis.call('HSET', meta, 'paused', '1')
else
  redis.call('HDEL', meta, 'paused')
  wake()
end
return 1
)lua");
  return kScript;
}

}  // namespace immich::queue
