#include "ml/model_cache/http_download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "ml/models/model_error.hpp"
#include "platform/curl/curl_library.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"

namespace immich::ml {
namespace {

constexpr int kHttpTimeout = 408, kHttpTooMany = 429, kHttpRangeNotSatisfiable = 416, kHttpServerError = 500;
constexpr long kConnectTimeoutS = 15;
constexpr long kMaxRedirects = 10;

const CurlFunctions& Curl() {
  try {
    return LoadedCurl();
  } catch (const InternalError& error) {
    throw ModelResourceError(error.detail());
  }
}

/// One GET. The body goes to `consume`, which answers false to stop.
class Transfer {
 public:
  using Consume = std::function<bool(const char* data, std::size_t size)>;

  Transfer(const std::string& url, const DownloadOptions& options, Consume consume)
      : curl_(Curl()), handle_(curl_.init(), curl_.cleanup), url_(url), consume_(std::move(consume)) {
    if (!handle_) throw ModelResourceError("libcurl gives no handle");
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_FOLLOWLOCATION, 1L);
    Set(CURLOPT_MAXREDIRS, kMaxRedirects);
    Set(CURLOPT_FAILONERROR, 1L);
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_CONNECTTIMEOUT, kConnectTimeoutS);
    Set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    Set(CURLOPT_LOW_SPEED_TIME, options.stall_timeout_s);
    Set(CURLOPT_USERAGENT, "immich-machine-learning");
    Set(CURLOPT_ERRORBUFFER, error_);
    Set(CURLOPT_WRITEFUNCTION, &Transfer::OnData);
    Set(CURLOPT_WRITEDATA, this);
    if (!options.bearer_token.empty()) {
      Set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
      Set(CURLOPT_XOAUTH2_BEARER, options.bearer_token.c_str());
    }
  }

  template <class Value>
  void Set(CURLoption option, Value value) {
    const CURLcode code = curl_.setopt(handle_.get(), option, value);
    if (code != CURLE_OK) throw InternalError(std::string("libcurl: ") + curl_.strerror(code));
  }
  long Status() const {
    long status = 0;
    curl_.getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }
  void Perform() {
    const CURLcode code = curl_.perform(handle_.get());
    if (failure_) std::rethrow_exception(failure_);
    if (code == CURLE_OK) return;
    const std::string reason = error_[0] != '\0' ? error_ : curl_.strerror(code);
    const bool has_status = code == CURLE_HTTP_RETURNED_ERROR;
    throw DownloadError(has_status ? static_cast<int>(Status()) : 0, url_ + ": " + reason);
  }

 private:
  static std::size_t OnData(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
      return transfer.consume_(data, size * count) ? size * count : 0;
    } catch (...) {
      transfer.failure_ = std::current_exception();
      return 0;
    }
  }

  const CurlFunctions& curl_;
  std::unique_ptr<CURL, void (*)(CURL*)> handle_;
  std::string url_;
  Consume consume_;
  std::exception_ptr failure_;
  char error_[CURL_ERROR_SIZE] = "";
};

void WriteAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::write(fd, data, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw ModelResourceError(std::string("cannot write the model: ") + std::strerror(errno));
    data += count;
    size -= static_cast<std::size_t>(count);
  }
}

}  // namespace

bool DownloadError::is_transient() const {
  return http_status_ == 0 || http_status_ == kHttpTimeout || http_status_ == kHttpTooMany ||
         http_status_ >= kHttpServerError;
}

std::string DownloadText(const std::string& url, std::size_t limit_bytes, const DownloadOptions& options) {
  std::string text;
  Transfer transfer(url, options, [&](const char* data, std::size_t size) {
    text.append(data, size);
    return text.size() <= limit_bytes;
  });
  transfer.Perform();
  return text;
}

void DownloadToFile(const std::string& url, const std::string& path, const DownloadOptions& options,
                    const std::function<void(std::uint64_t)>& on_progress) {
  const fs::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) {
    throw ModelResourceError("cannot write " + path + ": " + std::strerror(errno));
  }
  auto size = static_cast<std::uint64_t>(status.st_size);
  bool is_first = true;
  Transfer* running = nullptr;
  Transfer transfer(url, options, [&](const char* data, std::size_t count) {
    constexpr long kHttpPartial = 206;
    if (std::exchange(is_first, false) && size > 0 && running->Status() != kHttpPartial) {
      if (::ftruncate(file.get(), 0) != 0) throw ModelResourceError(std::strerror(errno));
      size = 0;
    }
    WriteAll(file.get(), data, count);
    size += count;
    on_progress(size);
    return true;
  });
  running = &transfer;
  // Not CURLOPT_RESUME_FROM: that refuses a server that answers with the whole file.
  const std::string range = std::to_string(size) + "-";
  if (size > 0) transfer.Set(CURLOPT_RANGE, range.c_str());
  try {
    transfer.Perform();
  } catch (const DownloadError& error) {
    // Nothing behind the end: the file is complete, or not the server's; the caller's checksum decides.
    if (error.http_status() != kHttpRangeNotSatisfiable) throw;
  }
  if (::fsync(file.get()) != 0)
    throw ModelResourceError(std::string("cannot write the model: ") + std::strerror(errno));
}

}  // namespace immich::ml
