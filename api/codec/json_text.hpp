#pragma once

#include <memory>
#include <string_view>

#include "api/codec/contract_reader.hpp"

namespace immich::api {

/// A JSON text that is no request: stored configuration, preferences, payloads of other processes.
class JsonText {
 public:
  /// Throws BadRequest for malformed text.
  explicit JsonText(std::string_view text);
  ~JsonText();
  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;
  Reader& reader() { return reader_; }
  Node root() const;

 private:
  struct Source;
  std::unique_ptr<Source> source_;
  Reader reader_;
};

/// Reads any contract value that has a Read function. Throws BadRequest for malformed text, ValidationError when the
/// contract is broken.
template <class T>
T FromJson(std::string_view text) {
  JsonText json(text);
  T out{};
  ReadValue(json.reader(), json.root(), kAny, out);
  json.reader().Finish();
  return out;
}

}  // namespace immich::api
