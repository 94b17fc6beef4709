#include "platform/json/json_parse.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/json/json_handler.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::json {

struct Document::Arena {
  explicit Arena(std::size_t text_size) : resource(text_size + 1024), root(&resource) {}
  boost::json::monotonic_resource resource;
  boost::json::value root;
};

Document::Document(std::unique_ptr<Arena> arena) : arena_(std::move(arena)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

boost::json::value& Document::root() const {
  return arena_->root;
}

Document Document::Parse(std::string_view text) {
  auto arena = std::make_unique<Arena>(text.size());
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::basic_parser<ValueHandler> parser(options, &arena->resource);
  boost::json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = boost::json::error::extra_data;
  if (error) throw BadRequest("Invalid JSON: " + error.message());
  arena->root = parser.handler().Release();
  return Document(std::move(arena));
}

void AppendValue(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return AppendNull(out);
    case boost::json::kind::bool_:
      return AppendBool(out, value.get_bool());
    case boost::json::kind::int64:
      return AppendInt(out, value.get_int64());
    case boost::json::kind::uint64:
      return AppendDouble(out, static_cast<double>(value.get_uint64()));
    case boost::json::kind::double_:
      return AppendDouble(out, value.get_double());
    case boost::json::kind::string:
      return AppendString(out, {value.get_string().data(), value.get_string().size()});
    case boost::json::kind::array:
      out.push_back('[');
      for (const auto& item : value.get_array()) {
        AppendValue(out, item);
        out.push_back(',');
      }
      return EndArray(out);
    case boost::json::kind::object:
      out.push_back('{');
      for (const auto& member : value.get_object()) {
        AppendString(out, {member.key().data(), member.key().size()});
        out.push_back(':');
        AppendValue(out, member.value());
        out.push_back(',');
      }
      return EndObject(out);
  }
}

}  // namespace immich::json
