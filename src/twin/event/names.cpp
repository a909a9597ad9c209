// Name tables of an event log.
#include "twin/event/names.hpp"

#include "twin/core/error.hpp"

namespace twin::event {

std::string_view to_string(Table table) noexcept {
  constexpr std::array<std::string_view, TableCount> Texts = {
      "source", "lot", "carrier", "tool", "chamber", "route", "recipe", "item"};
  const auto number = static_cast<std::size_t>(table);
  return number < Texts.size() ? Texts[number] : std::string_view{};
}

std::uint32_t Names::add(Table table, std::string_view name) {
  const auto t = static_cast<std::size_t>(table);
  if (name.empty()) {
    throw core::Error("a " + std::string(to_string(table)) +
                      " has an empty name (an empty field means that there is none)");
  }
  const auto found = index_[t].find(name);
  if (found != index_[t].end()) return found->second;
  const auto id = static_cast<std::uint32_t>(names_[t].size());
  if (id == None) throw core::Error("too many names (a table holds 4294967295)");
  names_[t].emplace_back(name);
  index_[t].emplace(std::string(name), id);
  return id;
}

std::optional<std::uint32_t> Names::find(Table table, std::string_view name) const {
  const auto& index = index_[static_cast<std::size_t>(table)];
  const auto found = index.find(name);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

void Names::loaded() {
  for (std::size_t t = 0; t < TableCount; ++t) {
    index_[t].clear();
    for (const std::string& name : names_[t]) {
      const auto id = static_cast<std::uint32_t>(index_[t].size());
      if (!name.empty() && index_[t].emplace(name, id).second) continue;
      throw core::Error("saved names (the " + std::string(to_string(static_cast<Table>(t))) + " '" +
                        name + "' is empty or stands twice)");
    }
  }
}

std::string label(const Names& names, Table table, std::uint32_t id) {
  const std::string_view name = names.name(table, id);
  if (name.empty()) return "#" + std::to_string(id);
  if (name.front() == '#') return "#" + std::string(name);
  return std::string(name);
}

}  // namespace twin::event
