#include "twins/fab/live/dialect.hpp"

#include <charconv>
#include <optional>

namespace twins::fab::live {

using twin::event::Table;

namespace {

constexpr std::size_t LeapMax = 65'536;  // a wilder number would make us allocate for nothing

std::optional<Table> table_of(std::string_view word) {
  for (std::size_t t = 0; t < twin::event::TableCount; ++t) {
    const auto table = static_cast<Table>(t);
    if (to_string(table) == word) return table;
  }
  return {};
}

// "table\tnumber\tname", or nothing.
struct Line {
  Table table = Table::Source;
  std::size_t number = 0;
  std::string_view name = {};
};
std::optional<Line> parse(std::string_view text) {
  const std::size_t first = text.find('\t');
  if (first == std::string_view::npos) return {};
  const std::size_t second = text.find('\t', first + 1);
  if (second == std::string_view::npos) return {};
  const auto table = table_of(text.substr(0, first));
  if (!table) return {};
  Line line{.table = *table, .name = text.substr(second + 1)};
  const std::string_view digits = text.substr(first + 1, second - first - 1);
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), line.number);
  if (failed != std::errc{} || end != digits.data() + digits.size() || line.name.empty()) return {};
  return line;
}

std::vector<std::uint32_t>* mapping(Dialect& d, Table table) {
  switch (table) {
    case Table::Tool: return &d.tool;
    case Table::Route: return &d.route;
    case Table::Item: return &d.item;
    default: return nullptr;
  }
}

std::uint32_t mapped(const std::vector<std::uint32_t>& of, std::uint32_t number) {
  return number < of.size() ? of[number] : None;
}

}  // namespace

std::string_view Dialect::name(Table table, std::uint32_t number) const {
  const auto& of = names[static_cast<std::size_t>(table)];
  return number < of.size() ? std::string_view{of[number]} : std::string_view{};
}

void learn(Dialect& d, const EventNames& fab, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.empty()) continue;
    const auto line = parse(row);
    auto* names = line ? &d.names[static_cast<std::size_t>(line->table)] : nullptr;
    if (names == nullptr || line->number > names->size() + LeapMax) {
      ++d.bad_lines;
      continue;
    }
    if (line->number >= names->size()) names->resize(line->number + 1);
    (*names)[line->number] = line->name;
    if (auto* to = mapping(d, line->table)) {
      to->resize(names->size(), None);
      (*to)[line->number] = fab.names.find(line->table, line->name).value_or(None);
    }
  }
}

void translate(const Dialect& d, twin::event::Event& e) {
  e.tool = mapped(d.tool, e.tool);
  e.route = mapped(d.route, e.route);
  if (item_table(e.kind) == Table::Item) e.item = mapped(d.item, e.item);
}

std::string names_note(const EventNames& fab, std::uint32_t lots) {
  std::string text;
  for (const Table table : {Table::Source, Table::Tool, Table::Route, Table::Item}) {
    const auto& names = fab.names.of(table);
    for (std::size_t i = 0; i < names.size(); ++i)
      text += std::string(to_string(table)) + '\t' + std::to_string(i) + '\t' + names[i] + '\n';
  }
  for (std::uint32_t lot = 0; lot < lots; ++lot) {
    const std::string number = std::to_string(lot);
    text += "lot\t" + number + "\tlot " + number + '\n';
  }
  return text;
}

}  // namespace twins::fab::live
