#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/pg/pg_statement.hpp"

namespace immich::pg {

/// A statement known to one connection; `ready` once the server has prepared it.
struct Prepared {
  std::string name;
  std::string text;
  bool ready = false;
};

/// What one connection has prepared: compiled-in statements for good, texts built at run time up to a limit.
class PreparedCache {
 public:
  explicit PreparedCache(std::size_t max_dynamic) : max_dynamic_(max_dynamic) {}

  /// Throws InternalError when another text already has that name.
  Prepared& ForStatement(const Statement& statement);
  /// The least recently used text makes room for a new one; its name is then in evicted().
  Prepared& ForText(std::string_view text);
  /// Names the server still holds and should deallocate; the caller removes those it has done.
  std::vector<std::string>& evicted() { return evicted_; }
  std::size_t dynamic_size() const { return dynamic_.size(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::size_t max_dynamic_;
  std::size_t last_number_ = 0;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> named_;
  std::list<Prepared> dynamic_;
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_text_;
  std::vector<std::string> evicted_;
};

}  // namespace immich::pg
