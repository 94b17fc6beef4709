// immich-media-worker: a decoder child. Started by the server with a socket at descriptor 3, works off one order at a
// time, ends when the socket is closed. Not meant to be started by hand.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "media/worker/media_protocol.hpp"
#include "media/worker/work_orders.hpp"
#include "media/worker/worker_channel.hpp"

namespace {

/// Pictures come one after another and need about the same memory: kept between orders it saves some 5,000 page faults
/// a photo. The server ends idle children, which gives everything back.
void KeepMemoryBetweenOrders() {
  constexpr int kKeptBytes = 128 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, kKeptBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_ARENA_MAX, 2);
}

/// Seconds of CPU time one order may use; a child that needs more gets SIGXCPU.
rlim_t CpuSecondsPerOrder() {
  const char* text = std::getenv("IMMICH_MEDIA_WORKER_CPU_SECONDS");
  const long seconds = text != nullptr ? std::strtol(text, nullptr, 10) : 0;
  return seconds > 0 ? static_cast<rlim_t>(seconds) : 600;
}

void LimitCpuTime(rlim_t seconds) {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  const rlimit limit{static_cast<rlim_t>(used.tv_sec) + seconds + 1, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &limit);
}

}  // namespace

int main() {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(immich::media::kWorkerSocketFd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    std::fputs("immich-media-worker is started by immich-server\n", stderr);
    return 2;
  }
  // A crash is an expected outcome here; its core would hold somebody's photo.
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  KeepMemoryBetweenOrders();
  const rlim_t cpu_seconds = CpuSecondsPerOrder();
  const immich::media::WorkerChannel channel(immich::media::kWorkerSocketFd);
  while (const auto message = channel.Receive()) {
    LimitCpuTime(cpu_seconds);
    if (!channel.Send(immich::media::Answer(*message))) break;
  }
  return 0;
}
