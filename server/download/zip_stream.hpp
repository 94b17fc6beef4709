#pragma once

#include <memory>
#include <string>
#include <vector>

namespace immich::download {

struct ZipEntry {
  /// Path of the file on disk.
  std::string path;
  /// Name in the archive; unique.
  std::string name;
};

/// A zip archive made piece by piece: entries are stored, not compressed (photos and videos do not get smaller), sizes
/// over 4 GiB use zip64, names are UTF-8. Files that cannot be read are left out and logged.
class ZipStream {
 public:
  explicit ZipStream(std::vector<ZipEntry> entries);
  ~ZipStream();
  ZipStream(const ZipStream&) = delete;
  ZipStream& operator=(const ZipStream&) = delete;

  /// Blocking. Puts the next bytes (about 1 MiB) into `out`; false when the archive is complete and `out` is empty.
  /// Throws InternalError when a file breaks off in the middle of its entry.
  bool Next(std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Names for an archive: a repeated name gets `+1`, `+2` before its extension, an empty one becomes `unnamed`.
std::vector<std::string> UniqueNames(const std::vector<std::string>& names);

}  // namespace immich::download
