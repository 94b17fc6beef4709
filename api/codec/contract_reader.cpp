#include "api/codec/contract_reader.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <utility>

#include "api/codec/reader_state.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::api {

void Reader::State::Fail(std::string head, std::string message, bool aborting) {
  if (issues.size() >= kMaxIssues) return;
  Issue issue{.head = std::move(head), .path = {}, .message = std::move(message), .aborting = aborting};
  for (const Step& step : path) {
    issue.path.push_back({.key = std::string(step.key), .index = step.index, .is_index = step.is_index});
  }
  issues.push_back(std::move(issue));
}

/// A form field that holds a JSON text is replaced by its value, which is then read as JSON.
Node Reader::State::Unfold(Node node) {
  if (mode != ReadMode::kForm || !node || !node->is_string()) return node;
  try {
    documents.push_back(json::Document::Parse(TextOf(*node)));
  } catch (const BadRequest&) {
    return node;
  }
  mode = ReadMode::kJson;
  return &documents.back().root();
}

Reader::Reader(ReadMode mode) : state_(std::make_unique<State>()) {
  state_->mode = mode;
}
Reader::~Reader() = default;

bool Reader::has_issues() const {
  return !state_->issues.empty();
}
bool Reader::is_full() const {
  return state_->issues.size() >= kMaxIssues;
}

void Reader::Finish() const {
  if (has_issues()) throw ValidationError(IssuesJson(state_->issues));
}

std::string_view TextOf(const boost::json::value& value) {
  const auto& text = value.get_string();
  return {text.data(), text.size()};
}

bool IsNull(Node node) {
  return node != nullptr && node->is_null();
}

std::string_view TypeName(Node node) {
  if (!node) return "undefined";
  switch (node->kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "boolean";
    case boost::json::kind::string:
      return "string";
    case boost::json::kind::array:
      return "array";
    case boost::json::kind::object:
      return "object";
    default:
      return "number";
  }
}

void FailType(Reader& in, std::string_view expected, Node node) {
  std::string head = R"("expected":)";
  json::AppendString(head, expected);
  head.append(R"(,"code":"invalid_type")");
  std::string message = "Invalid input: expected ";
  message.append(expected).append(", received ").append(TypeName(node));
  ReaderAccess::Of(in).Fail(std::move(head), std::move(message));
}

namespace {

void FailSize(Reader& in, bool small, double limit, std::string_view origin, std::string_view unit) {
  std::string head = R"("origin":)";
  json::AppendString(head, origin);
  head.append(small ? R"(,"code":"too_small","minimum":)" : R"(,"code":"too_big","maximum":)");
  json::AppendDouble(head, limit);
  head.append(R"(,"inclusive":true)");
  std::string message = small ? "Too small: expected " : "Too big: expected ";
  message.append(origin).append(small ? " to have >=" : " to have <=");
  json::AppendDouble(message, limit);
  message.append(" ").append(unit);
  ReaderAccess::Of(in).Fail(std::move(head), std::move(message), false);
}

}  // namespace

void CheckSize(Reader& in, const Rule& rule, std::size_t size, std::string_view origin, std::string_view unit) {
  const auto count = static_cast<double>(size);
  if (count < rule.low) FailSize(in, true, rule.low, origin, unit);
  if (count > rule.high) FailSize(in, false, rule.high, origin, unit);
}

void ReadObject(Reader& in, Node node) {
  const ObjectScope object(in, node);
}

ObjectScope::ObjectScope(Reader& in, Node node) : in_(in), mode_before_(in.state_->mode) {
  // The outermost object of a request's texts is made by us; below it only forms hold objects.
  if (!in.state_->path.empty()) node = in.state_->Unfold(node);
  if (node && node->is_object()) {
    object_ = &node->get_object();
  } else {
    FailType(in, "object", node);
  }
}

ObjectScope::~ObjectScope() {
  in_.state_->mode = mode_before_;
}

Node ObjectScope::Member(std::string_view name) const {
  return object_->if_contains({name.data(), name.size()});
}

void ObjectScope::RefuseOthers(std::span<const std::string_view> known) const {
  std::string keys, names;
  std::size_t count = 0;
  for (const auto& member : *object_) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), key) != known.end() || count == kMaxIssues) continue;
    json::AppendString(keys, key);
    keys.push_back(',');
    names.append(count == 0 ? "\"" : ", \"").append(key).append("\"");
    ++count;
  }
  if (count == 0) return;
  keys.pop_back();
  in_.state_->Fail(R"("code":"unrecognized_keys","keys":[)" + keys + "]",
                   std::string(count == 1 ? "Unrecognized key: " : "Unrecognized keys: ") + names, false);
}

void ObjectScope::RequireMember() const {
  if (object_->empty()) in_.state_->Fail(R"("code":"custom")", "At least one member is needed", false);
}

MemberScope::MemberScope(const ObjectScope& object, std::string_view name)
    : in_(object.reader()), node_(object.Member(name)) {
  in_.state_->path.push_back({name, 0, false});
}

MemberScope::~MemberScope() {
  in_.state_->path.pop_back();
}

ArrayScope::ArrayScope(Reader& in, Node node, const Rule& rule) : in_(in), mode_before_(in.state_->mode) {
  array_ = in.state_->Unfold(node);
  if (array_ && array_->is_array()) {
    size_ = array_->get_array().size();
  } else if (array_ && array_->is_string() && in.state_->mode == ReadMode::kText) {
    size_ = 1;
  } else {
    FailType(in, "array", array_);
    return;
  }
  CheckSize(in, rule, size_, "array", "items");
}

ArrayScope::~ArrayScope() {
  if (on_path_) in_.state_->path.pop_back();
  in_.state_->mode = mode_before_;
}

Node ArrayScope::Element(std::size_t index) {
  if (on_path_) in_.state_->path.pop_back();
  in_.state_->path.push_back({{}, index, true});
  on_path_ = true;
  return array_->is_array() ? &array_->get_array()[index] : array_;
}

struct UnionScope::Options {
  std::size_t depth;
  std::vector<Issue> outer;
  std::vector<std::vector<Issue>> failed;
};

UnionScope::UnionScope(Reader& in) : in_(in), options_(std::make_unique<Options>()) {
  options_->depth = in.state_->path.size();
  options_->outer.swap(in.state_->issues);
}

UnionScope::~UnionScope() {
  auto& issues = in_.state_->issues;
  auto& outer = options_->outer;
  outer.insert(outer.end(), std::make_move_iterator(issues.begin()), std::make_move_iterator(issues.end()));
  issues = std::move(outer);
}

bool UnionScope::EndOption() {
  auto& issues = in_.state_->issues;
  if (issues.empty()) return true;
  options_->failed.push_back(std::exchange(issues, {}));
  return false;
}

void UnionScope::Fail() {
  const auto is_close = [](const std::vector<Issue>& issues) {
    return std::none_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.aborting; });
  };
  auto& failed = options_->failed;
  if (std::count_if(failed.begin(), failed.end(), is_close) == 1) {
    in_.state_->issues = std::move(*std::find_if(failed.begin(), failed.end(), is_close));
    return;
  }
  std::string head = R"("code":"invalid_union","errors":[)";
  for (const auto& issues : failed) head.append(IssuesJson(issues, options_->depth)).append(",");
  head.back() = ']';
  in_.state_->Fail(std::move(head), "Invalid input");
}

}  // namespace immich::api
