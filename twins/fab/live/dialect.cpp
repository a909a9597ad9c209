#include "twins/fab/live/dialect.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "twin/core/error.hpp"
#include "twin/event/table_word.hpp"

namespace twins::fab::live {

using twin::event::Table;

namespace {

constexpr std::size_t LeapMax = 65'536;  // a wilder number would make us allocate for nothing

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
  const auto table = twin::event::table_of(text.substr(0, first));
  if (!table) return {};
  Line line{.table = *table, .name = text.substr(second + 1)};
  const std::string_view digits = text.substr(first + 1, second - first - 1);
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), line.number);
  if (failed != std::errc{} || end != digits.data() + digits.size() || line.name.empty()) return {};
  return line;
}

std::uint32_t mapped(const std::vector<std::uint32_t>& of, std::uint32_t number) {
  return number < of.size() ? of[number] : None;
}

template <class T>
bool put_dialect(std::vector<T>& in, std::size_t number, T value, const T& none) {
  if (number > in.size() + LeapMax) return false;
  if (number >= in.size()) in.resize(number + 1, none);
  in[number] = std::move(value);
  return true;
}

}  // namespace

void Dialect::loaded() {
  lot_of.clear();
  for (std::size_t k = 0; k < lots.size(); ++k)
    if (!lot_of.emplace(lots[k], static_cast<std::uint32_t>(k)).second)
      throw twin::core::Error("two lots are named '" + lots[k] + "'");
  source_of.clear();
  for (std::size_t k = 0; k < sources.size(); ++k)
    if (!sources[k].empty()) source_of[sources[k]] = static_cast<std::uint32_t>(k);
}

std::uint32_t Dialect::source(std::string_view name) const {
  const auto at = source_of.find(std::string(name));
  return at == source_of.end() ? None : at->second;
}

std::uint32_t Dialect::number_lot(std::string_view name) {
  const auto [at, is_new] =
      lot_of.emplace(std::string(name), static_cast<std::uint32_t>(lots.size()));
  if (is_new) lots.emplace_back(name);
  return at->second;
}

void learn(Dialect& d, const EventNames& fab, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.empty()) continue;
    const auto line = parse(row);
    bool good = line.has_value();
    const auto in_fab = [&](std::vector<std::uint32_t>& of) {
      return put_dialect(of, line->number, fab.names.find(line->table, line->name).value_or(None),
                         None);
    };
    if (good) {
      switch (line->table) {
        case Table::Source:
          good = put_dialect(d.sources, line->number, std::string(line->name), std::string{});
          if (good) d.source_of[std::string(line->name)] = static_cast<std::uint32_t>(line->number);
          break;
        case Table::Lot:
          good = line->number <= d.lot.size() + LeapMax &&
                 put_dialect(d.lot, line->number, d.number_lot(line->name), None);
          break;
        case Table::Tool: good = in_fab(d.tool); break;
        case Table::Route: good = in_fab(d.route); break;
        case Table::Item: good = in_fab(d.item); break;
        default: break;  // carriers, chambers and recipes move nothing
      }
    }
    d.bad_lines += good ? 0 : 1;
  }
}

void translate(const Dialect& d, twin::event::Event& e) {
  e.lot = mapped(d.lot, e.lot);
  e.tool = mapped(d.tool, e.tool);
  e.route = mapped(d.route, e.route);
  e.item = mapped(item_table(e.kind) == Table::Item ? d.item : d.lot, e.item);
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
    text += "lot\t" + number + "\tL" + number + '\n';
  }
  return text;
}

}  // namespace twins::fab::live
