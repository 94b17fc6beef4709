#include "ml/text/special_frame.hpp"

#include <boost/json/value.hpp>
#include <limits>
#include <string>

#include "ml/text/json_access.hpp"
#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {
namespace {

using FindToken = std::function<std::optional<std::int32_t>(std::string_view)>;

std::int32_t AsId(const boost::json::value& value) {
  const auto* id = value.if_int64();
  if (id == nullptr || *id < 0 || *id > std::numeric_limits<std::int32_t>::max()) {
    throw TokenizerError("a special token has no id");
  }
  return static_cast<std::int32_t>(*id);
}

/// `["</s>", 2]`.
std::int32_t PairedId(const boost::json::value& description, std::string_view name) {
  const auto& pair = ArrayMember(description, name);
  if (pair.size() != 2) throw TokenizerError("\"" + std::string(name) + "\" is not a token and its id");
  return AsId(pair[1]);
}

void AppendTemplateToken(const boost::json::value& description, const std::string& name, const FindToken& find,
                         std::vector<std::int32_t>& ids) {
  const auto& known = MemberOf(MemberOf(description, "special_tokens"), name);
  if (!known.is_null()) {
    for (const auto& id : ArrayMember(known, "ids")) ids.push_back(AsId(id));
    return;
  }
  const auto id = find(name);
  if (!id) throw TokenizerError("the special token \"" + name + "\" is not known");
  ids.push_back(*id);
}

SpecialFrame ReadTemplate(const boost::json::value& description, const FindToken& find) {
  SpecialFrame frame;
  bool text_seen = false;
  for (const auto& step : ArrayMember(description, "single")) {
    if (!MemberOf(step, "Sequence").is_null()) {
      text_seen = true;
      continue;
    }
    const std::string name = TextMember(MemberOf(step, "SpecialToken"), "id");
    AppendTemplateToken(description, name, find, text_seen ? frame.after : frame.before);
  }
  if (!text_seen) throw TokenizerError("the template of special tokens has no place for the text");
  return frame;
}

}  // namespace

SpecialFrame ReadSpecialFrame(const boost::json::value& description, const FindToken& find) {
  if (description.is_null()) return {};
  const std::string type = TextMember(description, "type");
  if (type == "ByteLevel") return {};
  if (type == "TemplateProcessing") return ReadTemplate(description, find);
  if (type == "BertProcessing" || type == "RobertaProcessing") {
    return {{PairedId(description, "cls")}, {PairedId(description, "sep")}};
  }
  if (type != "Sequence") throw TokenizerError("the post-processor \"" + type + "\" is not known");
  SpecialFrame frame;
  for (const auto& step : ArrayMember(description, "processors")) {
    const SpecialFrame outer = ReadSpecialFrame(step, find);
    frame.before.insert(frame.before.begin(), outer.before.begin(), outer.before.end());
    frame.after.insert(frame.after.end(), outer.after.begin(), outer.after.end());
  }
  return frame;
}

}  // namespace immich::ml
