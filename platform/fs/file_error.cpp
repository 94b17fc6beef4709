#include "platform/fs/file_error.hpp"

#include <cerrno>
#include <system_error>

namespace immich::fs {
namespace {

std::string Describe(std::string_view call, std::string_view path, int error_number) {
  std::string text(call);
  text.append(" ").append(path).append(": ").append(std::generic_category().message(error_number));
  return text;
}

constexpr int kInsufficientStorage = 507;

}  // namespace

FileError::FileError(std::string_view call, std::string_view path, int error_number)
    : InternalError(Describe(call, path, error_number)), error_number_(error_number) {}

void ThrowFileError(std::string_view call, std::string_view path, int error_number) {
  if (error_number == ENOSPC) throw Unavailable("The server's storage is full", kInsufficientStorage);
  if (error_number == EDQUOT)
    throw Unavailable("The disk quota of the server's storage is used up", kInsufficientStorage);
  throw FileError(call, path, error_number);
}

}  // namespace immich::fs
