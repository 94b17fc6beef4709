// Sidecars as other programs (or attackers) write them, from the file to the decided dates.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "media/metadata/date_rule.hpp"
#include "media/metadata/exiv2/exiv2_reader.hpp"

namespace {

/// A file in memory, rewritten for every input.
int MemoryFile() {
  static const int file = memfd_create("sidecar.xmp", 0);
  if (file < 0) std::abort();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace immich::media;
  const int file = MemoryFile();
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  const auto tags = ReadSidecarTags("/proc/self/fd/" + std::to_string(file));
  if (!tags) return 0;
  MediaMetadata metadata;
  DecideDates(TagSet{}, *tags, FileFacts{}, std::nullopt, metadata);
  return 0;
}
