#include "apps/fabtwin/record/journal_events.hpp"

#include <array>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/event/packed.hpp"
#include "twin/record/reader.hpp"

namespace apps::fabtwin {
namespace {

using twin::event::Event;
using twin::event::Names;
using twin::event::Table;

// The record's numbers become those of `names`, which counts in its own order.
class Numbers {
 public:
  explicit Numbers(Names& names) : names_(names) {}

  void learn(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      learn_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  void translate(Event& e) const {
    e.source = of(Table::Source, e.source);
    e.lot = of(Table::Lot, e.lot);
    e.carrier = of(Table::Carrier, e.carrier);
    e.tool = of(Table::Tool, e.tool);
    e.chamber = of(Table::Chamber, e.chamber);
    e.route = of(Table::Route, e.route);
    e.recipe = of(Table::Recipe, e.recipe);
    e.item = of(twin::event::item_table(e.kind), e.item);
  }
  [[nodiscard]] std::uint32_t of(Table table, std::uint32_t id) const {
    const auto& known = known_[static_cast<std::size_t>(table)];
    return id < known.size() ? known[id] : twin::event::None;
  }

 private:
  void learn_line(std::string_view line) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == line.npos ? line.npos : line.find('\t', first + 1);
    if (second == line.npos) return;
    std::uint32_t id = 0;
    const std::string_view digits = line.substr(first + 1, second - first - 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    const std::string_view name = line.substr(second + 1);
    if (read.ec != std::errc{} || name.empty() || id > (1U << 24)) return;
    for (std::size_t t = 0; t < twin::event::TableCount; ++t) {
      const auto table = static_cast<Table>(t);
      if (to_string(table) != line.substr(0, first)) continue;
      auto& known = known_[t];
      if (known.size() <= id) known.resize(id + std::size_t{1}, twin::event::None);
      known[id] = names_.add(table, name);
    }
  }
  Names& names_;
  std::array<std::vector<std::uint32_t>, twin::event::TableCount> known_;
};

}  // namespace

JournalEvents read_journal(twin::record::Disk& disk, const std::string& folder, Names& names,
                           const std::function<void(const Event&)>& each) {
  JournalEvents found;
  Numbers numbers(names);
  twin::record::Reader reader(disk, folder);
  twin::record::EntryView view;
  twin::event::Packer packer;
  std::vector<Event> events;
  while (reader.next(view)) {
    ++found.entries;
    using twin::record::EntryKind;
    if (view.kind == EntryKind::Note && view.note_kind == "names") numbers.learn(view.note_text);
    if (view.kind != EntryKind::Observation && view.kind != EntryKind::Correction) continue;
    if (view.event.empty()) {
      ++found.quarantined;
      continue;
    }
    events.clear();
    if (!packer.unpack(view.event, events)) {
      ++found.unreadable;
      continue;
    }
    ++found.messages;
    for (Event& e : events) {
      e.source = view.sensor;
      e.source_seq = view.sensor_seq;
      numbers.translate(e);
      each(e);
      ++found.events;
    }
  }
  found.torn = reader.torn();
  return found;
}

}  // namespace apps::fabtwin
