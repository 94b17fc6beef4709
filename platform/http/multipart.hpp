#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"

namespace immich::http {

struct MultipartLimits {
  std::size_t max_parts = 100;
  std::size_t max_part_header_bytes = 16 * 1024;
  /// Of one text field.
  std::size_t max_field_bytes = 1024 * 1024;
  /// Of all text fields together.
  std::size_t max_fields_bytes = 4 * 1024 * 1024;
};

struct PartInfo {
  std::string name;
  /// Present for file parts; the raw bytes of the header re-read as UTF-8 when valid, else Latin-1 converted to UTF-8.
  std::optional<std::string> file_name;
  std::string content_type;
};

/// Receives parts as they arrive. File data comes in slices of the network buffer: nothing is copied.
class MultipartSink {
 public:
  virtual ~MultipartSink() = default;
  virtual Task<void> OnField(const PartInfo& part, std::string value) = 0;
  virtual Task<void> OnFileBegin(const PartInfo& part) = 0;
  virtual Task<void> OnFileData(std::span<const std::uint8_t> data) = 0;
  virtual Task<void> OnFileEnd() = 0;
};

/// Push parser for multipart/form-data (RFC 7578); feed it any slicing of the body. Throws BadRequest on malformed or
/// oversized input.
class MultipartParser {
 public:
  /// `boundary` from the Content-Type header.
  MultipartParser(std::string boundary, MultipartLimits limits, MultipartSink& sink);
  ~MultipartParser();
  Task<void> Feed(std::span<const std::uint8_t> data);
  /// Throws BadRequest (`Unexpected end of form`) when the closing boundary has not been seen.
  void Finish();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

/// Boundary of a `multipart/form-data; boundary=…` header; nullopt for anything else.
std::optional<std::string> FindMultipartBoundary(std::string_view content_type);
/// Reads the whole body into `sink`.
Task<void> ReadMultipart(Request& request, MultipartLimits limits, MultipartSink& sink);

}  // namespace immich::http
