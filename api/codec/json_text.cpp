#include "api/codec/json_text.hpp"

#include <boost/json/value.hpp>

#include "platform/json/json_parse.hpp"

namespace immich::api {

struct JsonText::Source {
  json::Document document;
};

JsonText::JsonText(std::string_view text)
    : source_(std::make_unique<Source>(json::Document::Parse(text))), reader_(ReadMode::kJson) {}
JsonText::~JsonText() = default;

Node JsonText::root() const {
  return &source_->document.root();
}

}  // namespace immich::api
