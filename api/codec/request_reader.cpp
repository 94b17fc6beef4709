#include "api/codec/request_reader.hpp"

#include <algorithm>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "api/codec/reader_state.hpp"
#include "platform/http/http_message.hpp"

namespace immich::api {
namespace {

/// Adds a text; a repeated name collects its texts in an array.
void AddText(boost::json::object& texts, std::string_view name, std::string_view text) {
  const boost::json::string_view key(name.data(), name.size());
  const boost::json::string_view value(text.data(), text.size());
  auto* const existing = texts.if_contains(key);
  if (!existing) {
    texts.emplace(key, value);
  } else if (existing->is_array()) {
    existing->get_array().emplace_back(value);
  } else {
    boost::json::array both(texts.storage());
    both.emplace_back(*existing);
    both.emplace_back(value);
    *existing = std::move(both);
  }
}

void AddPath(boost::json::object& texts, const http::Request& request) {
  for (const auto& [name, text] : request.path_params) AddText(texts, name, text);
}

void AddQuery(boost::json::object& texts, const http::QueryParams& query) {
  for (const auto& [name, text] : query.items()) AddText(texts, name, text);
}

/// Header names are lower-case in the contract.
void AddHeaders(boost::json::object& texts, const http::Request& request) {
  for (const auto& [name, text] : request.headers.items()) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    AddText(texts, lower, text);
  }
}

/// Compat: every route with a JSON body: a missing body, or one of another type, counts as one without members, so that
/// clients that leave out an empty object are served.
bool HasJson(const http::Request& request, std::string_view body) {
  const auto type = request.headers.Find("content-type");
  const bool is_json = !type || type->starts_with("application/json") || type->find("+json") != std::string_view::npos;
  return is_json && body.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

}  // namespace

struct ParameterReader::Source {
  Source() : resource(buffer), root(boost::json::object_kind, &resource) {}
  unsigned char buffer[1024];
  boost::json::monotonic_resource resource;
  boost::json::value root;
};

ParameterReader::ParameterReader(const http::Request& request, Where where)
    : source_(std::make_unique<Source>()), reader_(ReadMode::kText) {
  auto& texts = source_->root.get_object();
  switch (where) {
    case Where::kPath:
      AddPath(texts, request);
      break;
    case Where::kQuery:
      AddQuery(texts, request.query);
      break;
    case Where::kHeader:
      AddHeaders(texts, request);
      break;
  }
  values_.emplace(reader_, &source_->root);
}

ParameterReader::~ParameterReader() = default;

struct BodyReader::Source {
  json::Document document = json::Document::Parse("{}");
};

BodyReader::BodyReader(BodyKind kind, const http::Request& request, std::string_view body)
    : source_(std::make_unique<Source>()), reader_(kind == BodyKind::kJson ? ReadMode::kJson : ReadMode::kText) {
  if (kind == BodyKind::kUrlencoded) {
    AddQuery(source_->document.root().get_object(), http::QueryParams::Parse(body));
  } else if (HasJson(request, body)) {
    source_->document = json::Document::Parse(body);
  }
}

BodyReader::BodyReader(const FormFields& fields) : source_(std::make_unique<Source>()), reader_(ReadMode::kForm) {
  for (const auto& [name, text] : fields) AddText(source_->document.root().get_object(), name, text);
}

BodyReader::~BodyReader() = default;

Node BodyReader::root() const {
  return &source_->document.root();
}

}  // namespace immich::api
