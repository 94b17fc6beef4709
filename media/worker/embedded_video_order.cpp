#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "media/worker/work_orders.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::media {

std::expected<EmbeddedVideoReport, Failure> CarryOut(const EmbeddedVideoOrder& order) {
  constexpr std::int64_t kStepBytes = 1024 * 1024;
  if (order.range.offset < 0 || order.range.length <= 0) return Fail(FailureKind::kCorrupt, "no embedded video");
  const fs::Fd source = fs::Open(order.source, O_RDONLY);
  fs::EnsureDirectory(fs::ParentOf(order.target));
  const fs::Fd target = fs::Open(order.target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min(order.range.length, kStepBytes)));
  crypto::Sha1 sha1;
  for (std::int64_t done = 0; done < order.range.length;) {
    const auto wanted = static_cast<std::size_t>(std::min(order.range.length - done, kStepBytes));
    const ssize_t got = pread(source.get(), buffer.data(), wanted, order.range.offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fs::ThrowFileError("pread", order.source, errno);
    if (got == 0) return Fail(FailureKind::kCorrupt, "the embedded video ends beyond the file");
    const std::span<const std::uint8_t> bytes(buffer.data(), static_cast<std::size_t>(got));
    sha1.Update(bytes);
    fs::WriteAllAt(target.get(), bytes, static_cast<std::uint64_t>(done), order.target);
    done += got;
  }
  if (fdatasync(target.get()) != 0) fs::ThrowFileError("fdatasync", order.target, errno);
  const crypto::Sha1Digest digest = sha1.Finish();
  return EmbeddedVideoReport{.size_bytes = order.range.length, .checksum = {digest.begin(), digest.end()}};
}

}  // namespace immich::media
