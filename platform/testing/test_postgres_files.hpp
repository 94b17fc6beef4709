#pragma once

#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <string>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"

namespace immich::testing {

/// What test programs and the program that keeps their shared cluster agree on. Locks are flock(2), which the kernel
/// releases however a process ends:
///   start   held while the cluster is started, joined or taken down
///   keeper  held by the keeper as long as it lives
///   users   shared by every test program that uses the cluster; the keeper ends when nobody has held it for a while
struct TestPostgresFiles {
  static constexpr int kReportFd = 3;
  static constexpr char kReady = 'r';

  std::string directory;

  static TestPostgresFiles For(const std::string& bin_directory) {
    const auto digest = crypto::HashSha256(bin_directory);
    return {Base() + "/immich-test-pg-" + std::to_string(geteuid()) + "-" + crypto::ToHex(std::span(digest).first(4))};
  }
  /// In memory where there is room: a database is 300 files, copied in 13 ms there and 250 ms on a disk.
  static std::string Base() {
    constexpr std::uint64_t kRoomBytes = 2ull * 1024 * 1024 * 1024;
    struct statvfs info;
    const bool room = statvfs("/dev/shm", &info) == 0 && std::uint64_t{info.f_frsize} * info.f_blocks >= kRoomBytes;
    return room ? "/dev/shm" : "/tmp";
  }
  std::string start_lock() const { return directory + "/start.lock"; }
  std::string keeper_lock() const { return directory + "/keeper.lock"; }
  std::string users_lock() const { return directory + "/users.lock"; }
  std::string log() const { return directory + "/keeper.log"; }
  std::string data() const { return directory + "/data"; }
  std::string socket_directory() const { return data() + ".socket"; }
};

}  // namespace immich::testing
