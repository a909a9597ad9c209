// The names behind an event's numbers, one table per type of object. Events carry 32-bit numbers; a
// log writes the names once, at its head or when they are first learnt.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twin/event/event.hpp"

namespace twin::event {

// The numbers stand in files.
enum class Table : std::uint8_t {
  Source = 0,
  Lot = 1,
  Carrier = 2,
  Tool = 3,
  Chamber = 4,
  Route = 5,
  Recipe = 6,
  Item = 7,  // parameters, constants, alarms, commands, setups, products, places, reasons
};
inline constexpr std::size_t TableCount = 8;

std::string_view to_string(Table table) noexcept;  // "lot"

// The table that Event::item points into: a lot's other half stands among the lots.
constexpr Table item_table(Kind kind) noexcept {
  return kind == Kind::Split || kind == Kind::Merged ? Table::Lot : Table::Item;
}

class Names {
 public:
  // The name's number; the next free one (from 0) where it is new. An empty name is the user's
  // mistake.
  std::uint32_t add(Table table, std::string_view name);

  [[nodiscard]] std::optional<std::uint32_t> find(Table table, std::string_view name) const;

  // Empty where the number has no name.
  [[nodiscard]] std::string_view name(Table table, std::uint32_t id) const noexcept {
    const auto& names = of(table);
    return id < names.size() ? std::string_view{names[id]} : std::string_view{};
  }

  [[nodiscard]] const std::vector<std::string>& of(Table table) const noexcept {
    return names_[static_cast<std::size_t>(table)];
  }

  bool operator==(const Names& other) const { return names_ == other.names_; }

  template <class A>
  static void fields(A& archive, auto& self) {
    archive("names", self.names_);
  }
  void loaded();  // Error where a name is empty or stands twice

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Index = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  std::array<std::vector<std::string>, TableCount> names_;  // [table][id]
  std::array<Index, TableCount> index_;                     // [table] name -> id; follows names_
};

// How a number is shown to people and other programs: its name; "#12" where it has none. A name
// that itself begins with '#' gets a second one, so that nothing is ambiguous.
std::string label(const Names& names, Table table, std::uint32_t id);

}  // namespace twin::event
