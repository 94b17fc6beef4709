#include "server/core/path_template.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "platform/error/error.hpp"

namespace immich {
namespace {

std::string Render(std::string_view text, const TemplateValues& values) {
  return PathTemplate::Parse(text).Render(values);
}

TEST(PathTemplateTest, PrintsVariablesAsTheyAre) {
  const TemplateValues values{{"y", "2024"}, {"filename", "A & <B>"}};
  EXPECT_EQ(Render("{{y}}/{{ filename }}-x", values), "2024/A & <B>-x");
  EXPECT_EQ(Render("{{{filename}}}", values), "A & <B>");
  EXPECT_EQ(Render("{{! comment }}{{y}}", values), "2024");
  EXPECT_THROW(Render("{{MM}}", values), BadRequest);
}

TEST(PathTemplateTest, ConditionsChooseByContent) {
  const std::string_view text = "{{#if album}}{{album}}/{{else}}Other{{#unless make}}-nomake{{/unless}}/{{/if}}{{f}}";
  EXPECT_EQ(Render(text, {{"album", "Trip"}, {"f", "x"}}), "Trip/x");
  EXPECT_EQ(Render(text, {{"album", ""}, {"f", "x"}}), "Other-nomake/x");
  EXPECT_EQ(Render(text, {{"f", "x"}, {"make", "Canon"}}), "Other/x");
}

TEST(PathTemplateTest, NamesWhatItUses) {
  const PathTemplate path_template = PathTemplate::Parse("{{#if album}}{{album-startDate-y}}{{/if}}");
  EXPECT_EQ(path_template.Names(), (std::set<std::string>{"album", "album-startDate-y"}));
}

TEST(PathTemplateTest, RefusesWhatItDoesNotKnow) {
  for (const std::string_view text : {"{{y", "{{#if album}}x", "{{/if}}", "{{else}}", "{{#each a}}{{/each}}", "{{}}",
                                      "{{a b}}", "{{#if}}x{{/if}}", "{{#if a}}{{else}}{{else}}{{/if}}"}) {
    EXPECT_THROW(PathTemplate::Parse(text), BadRequest) << text;
  }
}

TEST(PathTemplateTest, DateTokensFollowTheServersClock) {
  const char* before = std::getenv("TZ");
  const std::string saved = before != nullptr ? before : "";
  setenv("TZ", "America/New_York", 1);
  tzset();
  TemplateValues values;
  AddDateValues(values, *ParseIso("2024-01-01T03:04:05.678Z"), "t-");
  saved.empty() ? unsetenv("TZ") : setenv("TZ", saved.c_str(), 1);
  tzset();
  EXPECT_EQ(values["t-y"], "2023");
  EXPECT_EQ(values["t-yy"], "23");
  EXPECT_EQ(values["t-MMM"], "Dec");
  EXPECT_EQ(values["t-MMMM"], "December");
  EXPECT_EQ(values["t-dd"], "31");
  EXPECT_EQ(values["t-WW"], "52");
  EXPECT_EQ(values["t-h"], "10");
  EXPECT_EQ(values["t-HH"], "22");
  EXPECT_EQ(values["t-m"], "4");
  EXPECT_EQ(values["t-ss"], "05");
  EXPECT_EQ(values["t-SSS"], "678");
}

TEST(PathTemplateTest, ValidatesWholeTemplates) {
  EXPECT_NO_THROW(ValidateStorageTemplate("{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}"));
  EXPECT_NO_THROW(ValidateStorageTemplate("{{#if album}}{{album}}/{{album-endDate-MM}}{{else}}{{lensModel}}{{/if}}"));
  EXPECT_THROW(ValidateStorageTemplate("{{y}}/{{nothing}}"), BadRequest);
  // Also where the sample does not come by.
  EXPECT_THROW(ValidateStorageTemplate("{{#if album}}{{album}}{{else}}{{nothing}}{{/if}}"), BadRequest);
}

}  // namespace
}  // namespace immich
