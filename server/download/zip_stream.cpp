#include "server/download/zip_stream.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <locale.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/log/log.hpp"

namespace immich::download {

namespace {

constexpr std::size_t kPieceBytes = 1024 * 1024;

struct ArchiveDeleter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct EntryDeleter {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

/// libarchive converts names through the thread's locale; this makes it UTF-8 while the object lives.
class Utf8Locale {
 public:
  Utf8Locale() : before_(uselocale(Instance())) {}
  ~Utf8Locale() { uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t Instance() {
    static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kLocale;
  }

  locale_t before_;
};

la_ssize_t AppendBytes(archive*, void* client, const void* data, std::size_t size) {
  static_cast<std::string*>(client)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

struct ZipStream::Impl {
  explicit Impl(std::vector<ZipEntry> wanted)
      : entries(std::move(wanted)), writer(archive_write_new()), piece(kPieceBytes) {
    archive_write_set_format_zip(writer.get());
    archive_write_zip_set_compression_store(writer.get());
    archive_write_set_options(writer.get(), "zip:hdrcharset=UTF-8");
    // Bytes come out as they are written; the default would collect blocks of 10 KiB.
    archive_write_set_bytes_per_block(writer.get(), 0);
    Check(archive_write_open(writer.get(), &output, nullptr, AppendBytes, nullptr), "open");
  }

  void Check(int result, std::string_view what) {
    if (result < ARCHIVE_WARN) {
      const char* reason = archive_error_string(writer.get());
      throw InternalError(fmt::format("zip {}: {}", what, reason == nullptr ? "unknown" : reason));
    }
  }

  /// Opens the next readable file and writes its header; false when there is none left.
  bool BeginEntry() {
    while (next < entries.size()) {
      const ZipEntry& wanted = entries[next++];
      fs::Fd opened(::open(wanted.path.c_str(), O_RDONLY | O_CLOEXEC));
      struct stat status{};
      if (!opened || fstat(opened.get(), &status) != 0) {
        log::Warn("Download", "{} is left out of the archive: {}", wanted.path, std::strerror(errno));
        continue;
      }
      const std::unique_ptr<archive_entry, EntryDeleter> entry(archive_entry_new());
      archive_entry_set_pathname_utf8(entry.get(), wanted.name.c_str());
      archive_entry_set_size(entry.get(), status.st_size);
      archive_entry_set_filetype(entry.get(), AE_IFREG);
      archive_entry_set_perm(entry.get(), 0644);
      archive_entry_set_mtime(entry.get(), status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
      Check(archive_write_header(writer.get(), entry.get()), "header");
      file = std::move(opened);
      remaining = static_cast<std::uint64_t>(status.st_size);
      return true;
    }
    return false;
  }

  void CopyPiece() {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), remaining);
    const ssize_t got = wanted == 0 ? 0 : ::read(file.get(), piece.data(), wanted);
    if (got < 0 && errno == EINTR) return;
    if (got < 0 || (got == 0 && remaining > 0)) {
      throw InternalError(fmt::format("{} broke off while it was put into an archive", entries[next - 1].path));
    }
    if (got > 0 && archive_write_data(writer.get(), piece.data(), static_cast<std::size_t>(got)) < 0) {
      Check(ARCHIVE_FATAL, "data");
    }
    remaining -= static_cast<std::uint64_t>(got);
    if (remaining > 0) return;
    Check(archive_write_finish_entry(writer.get()), "entry");
    file.Reset();
  }

  std::vector<ZipEntry> entries;
  std::unique_ptr<archive, ArchiveDeleter> writer;
  std::vector<char> piece;
  std::string output;
  std::size_t next = 0;
  fs::Fd file;
  std::uint64_t remaining = 0;
  bool closed = false;
};

ZipStream::ZipStream(std::vector<ZipEntry> entries) {
  const Utf8Locale locale;
  impl_ = std::make_unique<Impl>(std::move(entries));
}
ZipStream::~ZipStream() = default;

bool ZipStream::Next(std::string& out) {
  const Utf8Locale locale;
  out.clear();
  while (impl_->output.size() < kPieceBytes && !impl_->closed) {
    if (impl_->file) {
      impl_->CopyPiece();
    } else if (!impl_->BeginEntry()) {
      impl_->Check(archive_write_close(impl_->writer.get()), "close");
      impl_->closed = true;
    }
  }
  out.swap(impl_->output);
  return !out.empty();
}

std::vector<std::string> UniqueNames(const std::vector<std::string>& names) {
  std::unordered_set<std::string> used;
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    const std::string wanted = name.empty() ? "unnamed" : name;
    const std::string_view extension = media::FileExtension(wanted);
    const std::string base = wanted.substr(0, wanted.size() - extension.size());
    std::string candidate = wanted;
    for (int i = 1; !used.insert(candidate).second; ++i) candidate = fmt::format("{}+{}{}", base, i, extension);
    unique.push_back(std::move(candidate));
  }
  return unique;
}

}  // namespace immich::download
