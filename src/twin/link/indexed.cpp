// What an entry speaks of.
#include "twin/link/indexed.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <variant>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/note_text.hpp"

namespace twin::link {
namespace {

using core::Tick;
using event::Event;
using event::Table;

constexpr std::array<event::Word<NoteSort>, 12> Sorts = {{{NoteSort::Names, "names"},
                                                          {NoteSort::Quarantine, "quarantine"},
                                                          {NoteSort::Release, "release"},
                                                          {NoteSort::Forecast, "forecast"},
                                                          {NoteSort::Score, "score"},
                                                          {NoteSort::Alarm, "alarm"},
                                                          {NoteSort::Budget, "budget"},
                                                          {NoteSort::Site, "site"},
                                                          {NoteSort::Gap, "gap"},
                                                          {NoteSort::Clock, "clock"},
                                                          {NoteSort::Wip, "wip"},
                                                          {NoteSort::Provenance, "provenance"}}};

Tick time_of(const core::Entry& entry) {
  struct Times {
    Tick operator()(const core::Advance& e) const { return e.until; }
    Tick operator()(const core::Observation& e) const { return e.at; }
    Tick operator()(const core::Action& e) const { return e.at; }
    Tick operator()(const core::Correction& e) const { return e.now.at; }
    Tick operator()(const core::Note& e) const { return e.at; }
  };
  return std::visit(Times{}, entry);
}

}  // namespace

NoteSort note_sort(std::string_view kind) noexcept {
  const auto at = std::ranges::find(Sorts, kind, &event::Word<NoteSort>::text);
  return at == Sorts.end() ? NoteSort::Other : at->value;
}

std::uint64_t Indexed::position() const noexcept {
  if (historian_ == nullptr) return index_.position();
  return std::min(index_.position(), historian_->position());
}

void Indexed::add(std::uint64_t number, const core::Entry& entry) {
  TWIN_EXPECT(number <= index_.next(), number, index_.next());
  const auto* note = std::get_if<core::Note>(&entry);
  if (note != nullptr && note->kind == "names") learn_names(names_, note->text);
  const bool to_index = number == index_.next();
  const bool to_historian = historian_ != nullptr && number >= historian_->next();
  if (!to_index && !to_historian) return;

  keys_.clear();
  events_.clear();
  keys_.push_back(key(Listed::Entries, static_cast<std::uint32_t>(entry.index())));
  if (note != nullptr) keys_of(*note);
  if (const auto* seen = std::get_if<core::Observation>(&entry)) keys_of(*seen);
  if (const auto* correction = std::get_if<core::Correction>(&entry)) {
    keys_of(correction->now);
    keys_.push_back(key(Listed::Corrections, correction->now.sensor));
  }
  if (to_historian) {
    for (const Event& e : events_) {
      if (e.kind != event::Kind::Measurement || e.item == event::None) continue;
      const std::string name = signal_of(e);
      if (!record::is_storable_text(name)) continue;  // the journal has it; no chart could show it
      historian_->add(historian_->signal(name), {.at = e.at, .value = e.value});
    }
  }
  // Both take the entry before either may refuse to write.
  std::exception_ptr refused;
  try {
    if (to_historian) historian_->passed(number + 1);
  } catch (const core::Error&) {
    refused = std::current_exception();
  }
  if (to_index) {
    index_.add(
        {.entry = number, .at = time_of(entry), .kind = static_cast<std::uint8_t>(entry.index())},
        keys_);
  }
}

void Indexed::keys_of(const core::Observation& observation) {
  keys_.push_back(key(Table::Source, observation.sensor));
  if (!packer_.unpack(observation.event, events_)) return;  // values alone, or set aside unread
  for (const Event& e : events_) {
    for (const auto& [table, id] :
         {std::pair{Table::Lot, e.lot}, std::pair{Table::Carrier, e.carrier},
          std::pair{Table::Tool, e.tool}, std::pair{Table::Chamber, e.chamber},
          std::pair{Table::Route, e.route}, std::pair{Table::Recipe, e.recipe},
          std::pair{event::item_table(e.kind), e.item}}) {
      if (id != event::None) keys_.push_back(key(table, id));
    }
  }
}

void Indexed::keys_of(const core::Note& note) {
  const NoteSort sort = note_sort(note.kind);
  keys_.push_back(key(Listed::Notes, static_cast<std::uint32_t>(sort)));
  if (sort != NoteSort::Gap && sort != NoteSort::Quarantine) return;
  const std::string_view text = note.text;
  if (const auto source = names_.find(Table::Source, text.substr(0, text.find('\t')))) {
    keys_.push_back(key(sort == NoteSort::Gap ? Listed::Gaps : Listed::Quarantines, *source));
  }
}

std::string Indexed::signal_of(const Event& e) const {
  const bool chamber = e.chamber != event::None;
  const std::string where = chamber                 ? label(names_, Table::Chamber, e.chamber)
                            : e.tool != event::None ? label(names_, Table::Tool, e.tool)
                                                    : std::string("-");
  return where + "/" + label(names_, Table::Item, e.item);
}

void Indexed::flush() {
  if (historian_ != nullptr) historian_->flush();
  index_.flush();
}

}  // namespace twin::link
