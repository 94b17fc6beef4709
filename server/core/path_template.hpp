#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "platform/time/time_point.hpp"

namespace immich {

/// Values of a template's variables by name.
using TemplateValues = std::map<std::string, std::string, std::less<>>;

/// A storage template (facts: storage-template): text with `{{variable}}`, `{{#if variable}}…{{else}}…{{/if}}`,
/// `{{#unless variable}}…{{/unless}}` and comments `{{! … }}`. Empty values count as false. Values are not escaped.
class PathTemplate {
 public:
  /// Throws BadRequest with a text that says what is wrong where.
  static PathTemplate Parse(std::string_view text);
  PathTemplate(PathTemplate&&) noexcept;
  PathTemplate& operator=(PathTemplate&&) noexcept;
  ~PathTemplate();

  /// Throws BadRequest for a variable that is printed and not in `values`.
  std::string Render(const TemplateValues& values) const;
  /// Every variable that is printed or tested anywhere.
  std::set<std::string> Names() const;

 private:
  struct Node;
  explicit PathTemplate(std::unique_ptr<Node> root);
  std::unique_ptr<Node> root_;
};

/// Adds the date variables (`y`, `MM`, `WW`, `SSS` …) of `time` as the server's own clock shows it (TZ), their names
/// with `prefix` in front.
void AddDateValues(TemplateValues& values, TimePoint time, std::string_view prefix = "");

/// Throws BadRequest with the reason when the template cannot be used: wrong
/// syntax or an unknown variable.
void ValidateStorageTemplate(std::string_view text);

}  // namespace immich
