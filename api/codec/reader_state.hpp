#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/codec/contract_reader.hpp"
#include "api/codec/issue_list.hpp"
#include "platform/json/json_parse.hpp"

// Internals of Reader, shared by the sources of this folder.
namespace immich::api {

struct Reader::State {
  ReadMode mode;
  /// Where the reader stands; keys point into the generated tables or the document.
  struct Step {
    std::string_view key;
    std::size_t index;
    bool is_index;
  };
  std::vector<Step> path;
  std::vector<Issue> issues;
  /// JSON texts inside form fields.
  std::vector<json::Document> documents;

  void Fail(std::string head, std::string message, bool aborting = true);
  Node Unfold(Node node);
};

struct ReaderAccess {
  static Reader::State& Of(const Reader& reader) { return *reader.state_; }
};

/// What zod calls the type of a value.
std::string_view TypeName(Node node);
void FailType(Reader& in, std::string_view expected, Node node);
/// Issues when `size` is outside the rule; `origin` and `unit` as zod names them (array, items).
void CheckSize(Reader& in, const Rule& rule, std::size_t size, std::string_view origin, std::string_view unit);
std::string_view TextOf(const boost::json::value& value);
/// JavaScript's Number(text); NaN when it is none.
double NumberOfText(std::string_view text);

}  // namespace immich::api
