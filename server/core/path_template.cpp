#include "server/core/path_template.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <utility>
#include <vector>

#include "platform/error/error.hpp"

namespace immich {

struct PathTemplate::Node {
  enum class Kind { kBlock, kText, kVariable, kCondition };
  Kind kind = Kind::kBlock;
  /// Text, or the variable's name.
  std::string text;
  /// Of a condition: what is rendered when it holds, and else.
  std::vector<Node> children = {}, otherwise = {};
  bool is_negated = false;
};

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// A piece of a template: text, or the inside of `{{…}}`.
struct Piece {
  bool is_tag = false;
  std::string_view text;
};

/// Takes the next piece off `rest`.
Piece NextPiece(std::string_view& rest) {
  const std::size_t open = rest.find("{{");
  if (open != 0) {
    const std::string_view text = rest.substr(0, open);
    rest.remove_prefix(text.size());
    return {false, text};
  }
  const bool is_triple = rest.starts_with("{{{");
  const std::string_view close = is_triple ? "}}}" : "}}";
  const std::size_t begin = is_triple ? 3 : 2;
  const std::size_t end = rest.find(close, begin);
  if (end == std::string_view::npos) throw BadRequest("`{{` without `}}`");
  std::string_view inside = rest.substr(begin, end - begin);
  rest.remove_prefix(end + close.size());
  // `{{~` and `~}}` trim the white space around a tag.
  if (inside.starts_with('~')) inside.remove_prefix(1);
  if (inside.ends_with('~')) {
    inside.remove_suffix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  }
  return {true, inside};
}

void CheckName(std::string_view name) {
  const bool is_name = !name.empty() && name.find_first_of(" \t\r\n\"'()[]{}|=#/&^>~!") == std::string_view::npos;
  if (!is_name) throw BadRequest(fmt::format("`{}` is not a variable", name));
}

}  // namespace

PathTemplate::PathTemplate(std::unique_ptr<Node> root) : root_(std::move(root)) {}
PathTemplate::PathTemplate(PathTemplate&&) noexcept = default;
PathTemplate& PathTemplate::operator=(PathTemplate&&) noexcept = default;
PathTemplate::~PathTemplate() = default;

namespace {

/// Builds the tree; template parameter because Node is private to PathTemplate.
template <class Node>
class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : rest_(text) {}

  Node Parse() {
    Node root;
    open_.push_back({&root, {}, false});
    while (!rest_.empty()) Add(NextPiece(rest_));
    if (open_.size() > 1) throw BadRequest(fmt::format("`{{{{#{}}}}}` is not closed", open_.back().helper));
    return root;
  }

 private:
  struct Open {
    Node* node;
    std::string helper;
    bool in_else;
  };

  std::vector<Node>& Target() {
    return open_.back().in_else ? open_.back().node->otherwise : open_.back().node->children;
  }

  void Add(const Piece& piece) {
    if (!piece.is_tag) {
      Target().push_back({.kind = Node::Kind::kText, .text = std::string(piece.text)});
      return;
    }
    const std::string_view inside = Trim(piece.text);
    if (inside.starts_with('!')) return;
    if (inside.starts_with('#')) return OpenBlock(Trim(inside.substr(1)));
    if (inside.starts_with('/')) return CloseBlock(Trim(inside.substr(1)));
    if (inside == "else" || inside == "^") return Else();
    CheckName(inside);
    Target().push_back({.kind = Node::Kind::kVariable, .text = std::string(inside)});
  }

  void OpenBlock(std::string_view inside) {
    constexpr std::size_t kMaxDepth = 32;
    const std::size_t space = inside.find_first_of(kSpace);
    const std::string_view helper = inside.substr(0, space);
    if (helper != "if" && helper != "unless") throw BadRequest(fmt::format("`#{}` is not known", helper));
    if (open_.size() > kMaxDepth) throw BadRequest("conditions are nested too deeply");
    const std::string_view name = space == std::string_view::npos ? std::string_view() : Trim(inside.substr(space));
    CheckName(name);
    std::vector<Node>& target = Target();
    target.push_back({.kind = Node::Kind::kCondition, .text = std::string(name), .is_negated = helper == "unless"});
    open_.push_back({&target.back(), std::string(helper), false});
  }

  void Else() {
    if (open_.size() < 2 || open_.back().in_else) throw BadRequest("`{{else}}` without a condition");
    open_.back().in_else = true;
  }

  void CloseBlock(std::string_view helper) {
    if (open_.size() < 2 || open_.back().helper != helper) {
      throw BadRequest(fmt::format("`{{{{/{}}}}}` closes nothing", helper));
    }
    open_.pop_back();
  }

  std::string_view rest_;
  std::vector<Open> open_;
};

template <class Node>
void RenderInto(std::string& out, const std::vector<Node>& nodes, const TemplateValues& values) {
  for (const Node& node : nodes) {
    const auto value = values.find(node.text);
    switch (node.kind) {
      case Node::Kind::kText:
        out += node.text;
        break;
      case Node::Kind::kVariable:
        if (value == values.end()) throw BadRequest(fmt::format("\"{}\" not defined", node.text));
        out += value->second;
        break;
      case Node::Kind::kCondition: {
        const bool holds = (value != values.end() && !value->second.empty()) != node.is_negated;
        RenderInto(out, holds ? node.children : node.otherwise, values);
        break;
      }
      case Node::Kind::kBlock:
        RenderInto(out, node.children, values);
        break;
    }
  }
}

template <class Node, class Visit>
void VisitNames(const std::vector<Node>& nodes, const Visit& visit) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::kVariable || node.kind == Node::Kind::kCondition) visit(node.text);
    VisitNames(node.children, visit);
    VisitNames(node.otherwise, visit);
  }
}

}  // namespace

PathTemplate PathTemplate::Parse(std::string_view text) {
  return PathTemplate(std::make_unique<Node>(TemplateParser<Node>(text).Parse()));
}

std::string PathTemplate::Render(const TemplateValues& values) const {
  std::string out;
  RenderInto(out, root_->children, values);
  return out;
}

std::set<std::string> PathTemplate::Names() const {
  std::set<std::string> names;
  VisitNames(root_->children, [&](const std::string& name) { names.insert(name); });
  return names;
}

void AddDateValues(TemplateValues& values, TimePoint time, std::string_view prefix) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  const std::time_t unix_seconds = seconds.time_since_epoch().count();
  std::tm clock{};
  localtime_r(&unix_seconds, &clock);
  constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                        "May",       "June",     "July",     "August",
                                                        "September", "October",  "November", "December"};
  const std::string_view month = kMonths[static_cast<std::size_t>(clock.tm_mon)];
  std::array<char, 8> week{};
  std::strftime(week.data(), week.size(), "%V", &clock);
  const std::string_view week_text(week.data());
  const int hour12 = clock.tm_hour % 12 == 0 ? 12 : clock.tm_hour % 12;
  const int year = clock.tm_year + 1900;
  const auto set = [&](std::string_view token, std::string value) {
    values.insert_or_assign(std::string(prefix) + std::string(token), std::move(value));
  };
  set("y", fmt::format("{}", year));
  set("yy", fmt::format("{:02}", year % 100));
  set("M", fmt::format("{}", clock.tm_mon + 1));
  set("MM", fmt::format("{:02}", clock.tm_mon + 1));
  set("MMM", std::string(month.substr(0, 3)));
  set("MMMM", std::string(month));
  set("W", std::string(week_text.starts_with('0') ? week_text.substr(1) : week_text));
  set("WW", std::string(week_text));
  set("d", fmt::format("{}", clock.tm_mday));
  set("dd", fmt::format("{:02}", clock.tm_mday));
  set("h", fmt::format("{}", hour12));
  set("hh", fmt::format("{:02}", hour12));
  set("H", fmt::format("{}", clock.tm_hour));
  set("HH", fmt::format("{:02}", clock.tm_hour));
  set("m", fmt::format("{}", clock.tm_min));
  set("mm", fmt::format("{:02}", clock.tm_min));
  set("s", fmt::format("{}", clock.tm_sec));
  set("ss", fmt::format("{:02}", clock.tm_sec));
  set("SSS", fmt::format("{:03}", milliseconds));
}

void ValidateStorageTemplate(std::string_view text) {
  TemplateValues values;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"filename", "IMG_123"},
                                                                  {"ext", "jpg"},
                                                                  {"filetype", "IMG"},
                                                                  {"filetypefull", "IMAGE"},
                                                                  {"assetId", "a0b1c2d3-0000-4000-8000-0123456789ab"},
                                                                  {"assetIdShort", "0123456789ab"},
                                                                  {"album", "album"},
                                                                  {"make", "FUJIFILM"},
                                                                  {"model", "X-T50"},
                                                                  {"lensModel", "XF27mm F2.8 R WR"}}) {
    values.emplace(name, value);
  }
  constexpr TimePoint kSample(std::chrono::microseconds(1'704'067'200'000'000));
  AddDateValues(values, kSample);
  AddDateValues(values, kSample, "album-startDate-");
  AddDateValues(values, kSample, "album-endDate-");
  for (const std::string& name : PathTemplate::Parse(text).Names()) {
    if (!values.contains(name)) throw BadRequest(fmt::format("\"{}\" not defined", name));
  }
}

}  // namespace immich
