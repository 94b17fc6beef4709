#include "platform/error/error.hpp"

#include <boost/json/serialize.hpp>
#include <string_view>

namespace immich {
namespace {

std::string Quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text));
}

}  // namespace

std::string Error::JsonBody() const {
  return "{\"message\":" + Quoted(what()) + "}";
}

std::string ValidationError::JsonBody() const {
  return "{\"message\":" + Quoted(what()) + ",\"errors\":" + issues_ + "}";
}

}  // namespace immich
