#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immich::ml {

/// Token ids by text: 12 bytes a token beside the text itself, a quarter of a hash map. Filled, then read by many
/// threads.
class TokenVocabulary {
 public:
  /// The first id given to a text stays.
  void Add(std::string_view token, std::int32_t id);
  std::optional<std::int32_t> Find(std::string_view token) const;
  std::size_t size() const { return entries_.size(); }
  /// In the order of Add.
  std::string_view token(std::size_t index) const;
  std::int32_t id(std::size_t index) const { return entries_[index].id; }

 private:
  struct Entry {
    std::uint32_t begin;
    std::int32_t id;
  };
  /// Slot that holds `token` or where it belongs.
  std::size_t SlotOf(std::string_view token) const;
  void Grow();

  std::string texts_;
  std::vector<Entry> entries_;
  /// Index of an entry + 1; 0 is free. Open addressing, at most 2/3 full.
  std::vector<std::uint32_t> slots_;
};

}  // namespace immich::ml
