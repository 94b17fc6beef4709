#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

// GET with libcurl, which is loaded when the first model is downloaded: most processes never do.
namespace immich::ml {

/// Why a transfer failed.
class DownloadError : public std::runtime_error {
 public:
  /// `http_status`: 0 when there was no answer.
  DownloadError(int http_status, const std::string& message) : std::runtime_error(message), http_status_(http_status) {}
  int http_status() const { return http_status_; }
  /// Trying again may help: no answer, 408, 429, 5xx.
  bool is_transient() const;

 private:
  int http_status_;
};

struct DownloadOptions {
  /// Sent to the host of the URL only, never to where it redirects. Empty for none.
  std::string bearer_token;
  /// A transfer slower than 1 byte/s for this long has failed.
  long stall_timeout_s = 60;
};

/// Blocking. The body of a small answer; follows redirects and honours the usual proxy variables. Throws DownloadError.
std::string DownloadText(const std::string& url, std::size_t limit_bytes, const DownloadOptions& options);

/// Blocking. Continues the file at `path` where it ends (or creates it) until the server has no more; a server that
/// cannot continue sends it from the start. `on_progress` gets the size of the file from time to time. Throws
/// DownloadError; what has arrived stays in the file.
void DownloadToFile(const std::string& url, const std::string& path, const DownloadOptions& options,
                    const std::function<void(std::uint64_t)>& on_progress);

}  // namespace immich::ml
