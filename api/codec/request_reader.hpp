#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "api/codec/contract_reader.hpp"
#include "api/route.hpp"

// Where the generated Parse functions take their values from. Groups are checked one after the other (path, query,
// headers, body): the first with issues ends the request, as in the original.
namespace immich::api {

enum class Where : std::uint8_t { kPath, kQuery, kHeader };

/// Path, query or header values of a request, read as texts.
class ParameterReader {
 public:
  ParameterReader(const http::Request& request, Where where);
  ~ParameterReader();
  ParameterReader(const ParameterReader&) = delete;
  ParameterReader& operator=(const ParameterReader&) = delete;
  const ObjectScope& values() const { return *values_; }
  void Finish() const { reader_.Finish(); }

 private:
  struct Source;
  std::unique_ptr<Source> source_;
  Reader reader_;
  std::optional<ObjectScope> values_;
};

/// A parsed body: JSON, or the texts of a form.
class BodyReader {
 public:
  /// Throws BadRequest when a JSON body is malformed.
  BodyReader(BodyKind kind, const http::Request& request, std::string_view body);
  explicit BodyReader(const FormFields& fields);
  ~BodyReader();
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;
  Reader& reader() { return reader_; }
  Node root() const;
  void Finish() const { reader_.Finish(); }

 private:
  struct Source;
  std::unique_ptr<Source> source_;
  Reader reader_;
};

}  // namespace immich::api
