#include "server/core/job_data.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich {

JobData ParseJobData(std::string_view text) {
  const json::Document document = json::Document::Parse(text);
  const boost::json::object* fields = document.root().if_object();
  if (fields == nullptr) throw BadRequest("the job's data is not an object");
  JobData data;
  const auto text_of = [&](const char* name) {
    const boost::json::value* value = fields->if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  };
  const auto flag_of = [&](const char* name) -> std::optional<bool> {
    const boost::json::value* value = fields->if_contains(name);
    return value != nullptr && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
  };
  data.id = Uuid::Parse(text_of("id")).value_or(Uuid{});
  data.source = text_of("source");
  data.notify = flag_of("notify").value_or(false);
  data.force = flag_of("force");
  return data;
}

JobData ParseEntityJobData(std::string_view text) {
  JobData data = ParseJobData(text);
  if (data.id.is_nil()) throw BadRequest("the job's data has no id");
  return data;
}

}  // namespace immich
