// What the index of a journal is told of an entry, and what the historian: the one place that knows
// both the canonical events and the stores beside the journal.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/event/names.hpp"
#include "twin/event/packed.hpp"
#include "twin/record/historian.hpp"
#include "twin/record/index.hpp"

namespace twin::link {

// The lists of the index. Those of the tables of names have the tables' numbers, 0 to 7; ids are
// then the names' numbers. The numbers stand in stores.
enum class Listed : std::uint32_t {
  Entries = 32,      // id: which alternative of core::Entry
  Notes = 33,        // id: NoteSort
  Gaps = 34,         // id: the source whose numbers are missing, or came after all
  Quarantines = 35,  // id: the source whose message was set aside
  Corrections = 36,  // id: the source that was corrected
};

enum class NoteSort : std::uint32_t {
  Names = 0,
  Quarantine = 1,
  Release = 2,
  Forecast = 3,
  Score = 4,
  Alarm = 5,
  Budget = 6,
  Site = 7,
  Gap = 8,
  Clock = 9,
  Wip = 10,
  Provenance = 11,
  Other = 255,
};
[[nodiscard]] NoteSort note_sort(std::string_view kind) noexcept;

constexpr record::IndexKey key(event::Table table, std::uint32_t id) {
  return {.list = static_cast<std::uint32_t>(table), .id = id};
}
constexpr record::IndexKey key(Listed list, std::uint32_t id) {
  return {.list = static_cast<std::uint32_t>(list), .id = id};
}

// Tells the index, and the historian if there is one, of a journal's entries in order. Both must
// outlive it.
class Indexed {
 public:
  explicit Indexed(record::Index& index, record::Historian* historian = nullptr)
      : index_(index), historian_(historian) {}

  // All entries before this one are in both stores. What only one of them has is not told to it
  // twice.
  [[nodiscard]] std::uint64_t position() const noexcept;

  // All names that the journal's entries have noted so far: the first entry to be added may then be
  // the one at position().
  void know(const event::Names& names) { names_ = names; }

  // The entry and its number in the journal; entries come in order, from the first one on (or see know()): of those
  // that both stores have, only names are learnt. Error where a store refuses: the entry is taken
  // and held all the same, and the next call tries to write again.
  void add(std::uint64_t number, const core::Entry& entry);

  void flush();

  // Every measurement is a point of the signal "TOOL/parameter", or "CHAMBER/parameter" where the
  // event names a chamber: at event time, with the event's value.
  [[nodiscard]] std::string signal_of(const event::Event& event) const;

  [[nodiscard]] const event::Names& names() const noexcept { return names_; }

 private:
  void keys_of(const core::Observation& observation);
  void keys_of(const core::Note& note);

  record::Index& index_;
  record::Historian* historian_;
  event::Names names_;
  event::Packer packer_;
  std::vector<event::Event> events_;    // of the entry under way
  std::vector<record::IndexKey> keys_;  // of it
};

}  // namespace twin::link
