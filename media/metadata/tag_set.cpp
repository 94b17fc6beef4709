#include "media/metadata/tag_set.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace immich::media {
namespace {

/// Shortest form that reads back the same: "100", "0.5", "1.7799999".
std::string NumberText(double number) {
  char buffer[32];
  if (std::abs(number) < 1e15 && number == std::floor(number)) {
    std::snprintf(buffer, sizeof buffer, "%.0f", number);
    return buffer;
  }
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, number);
    if (std::strtod(buffer, nullptr) == number) break;
  }
  return buffer;
}

}  // namespace

TagValue TagValue::Text(std::string text) {
  return {.kind = Kind::kText, .text = std::move(text), .number = 0, .items = {}};
}

TagValue TagValue::Number(double number) {
  return {.kind = Kind::kNumber, .text = NumberText(number), .number = number, .items = {}};
}

TagValue TagValue::List(const std::vector<std::string>& texts) {
  TagValue list{.kind = Kind::kList, .text = {}, .number = 0, .items = {}};
  for (const std::string& text : texts) list.items.push_back(Text(text));
  return list;
}

double RoundCoordinate(double degrees) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.15g", degrees);
  return std::strtod(buffer, nullptr);
}

const TagValue* TagSet::Find(std::string_view name) const {
  const auto found = tags.find(name);
  return found == tags.end() ? nullptr : &found->second;
}

void TagSet::AddText(std::string_view name, std::string text) {
  tags.try_emplace(std::string(name), TagValue::Text(std::move(text)));
}

void TagSet::AddNumber(std::string_view name, double number) {
  tags.try_emplace(std::string(name), TagValue::Number(number));
}

void TagSet::AddList(std::string_view name, const std::vector<std::string>& texts) {
  tags.try_emplace(std::string(name), TagValue::List(texts));
}

namespace {

const TagValue* FirstItem(const TagValue* value) {
  if (value == nullptr || value->kind != TagValue::Kind::kList) return value;
  return value->items.empty() ? nullptr : &value->items.front();
}

}  // namespace

std::optional<std::string> TagSet::TextOf(std::string_view name) const {
  const TagValue* value = FirstItem(Find(name));
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::optional<double> TagSet::NumberOf(std::string_view name) const {
  const TagValue* value = FirstItem(Find(name));
  if (value == nullptr || value->kind != TagValue::Kind::kNumber) return std::nullopt;
  return value->number;
}

}  // namespace immich::media
