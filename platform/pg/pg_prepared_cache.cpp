#include "platform/pg/pg_prepared_cache.hpp"

#include <fmt/format.h>

#include "platform/error/error.hpp"

namespace immich::pg {

Prepared& PreparedCache::ForStatement(const Statement& statement) {
  const auto found = named_.find(statement.name);
  if (found == named_.end()) {
    std::string name(statement.name);
    Prepared prepared{name, std::string(statement.text)};
    return named_.emplace(std::move(name), std::move(prepared)).first->second;
  }
  if (found->second.text != statement.text) {
    throw InternalError(fmt::format("two statements have the name \"{}\"", statement.name));
  }
  return found->second;
}

Prepared& PreparedCache::ForText(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    dynamic_.splice(dynamic_.begin(), dynamic_, found->second);
    return *found->second;
  }
  if (dynamic_.size() >= max_dynamic_) {
    Prepared& oldest = dynamic_.back();
    if (oldest.ready) evicted_.push_back(std::move(oldest.name));
    by_text_.erase(oldest.text);
    dynamic_.pop_back();
  }
  // A name that compiled-in statements cannot have.
  dynamic_.push_front({fmt::format("dynamic-{}", ++last_number_), std::string(text)});
  by_text_.emplace(dynamic_.front().text, dynamic_.begin());
  return dynamic_.front();
}

}  // namespace immich::pg
