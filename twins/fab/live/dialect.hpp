// How the record's numbers become the fab's: names are learnt from its notes, tools, routes and
// items looked up in the data set by name. Lots keep the record's numbers.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/names.hpp"
#include "twins/fab/event_names.hpp"

namespace twins::fab::live {

// What has been learnt. A regular value.
struct Dialect {
  std::array<std::vector<std::string>, twin::event::TableCount> names = {};  // [table][number]
  std::vector<std::uint32_t> tool = {}, route = {}, item = {};  // [number] the fab's; None: not its
  std::uint64_t bad_lines = 0;                                  // of notes that are no names
  bool operator==(const Dialect&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("names", self.names);
    a("tool", self.tool);
    a("route", self.route);
    a("item", self.item);
    a("bad_lines", self.bad_lines);
  }
  // Empty where the number has no name.
  [[nodiscard]] std::string_view name(twin::event::Table table, std::uint32_t number) const;
};

// Takes in the text of a note of kind "names": a line "<table>\t<number>\t<name>" each. Numbers
// count from 0 without great leaps; a line that is none of that is counted and left out.
void learn(Dialect& dialect, const EventNames& fab, std::string_view text);

// Turns the event's tool, route and item into the fab's numbers: None where the name is not known
// to it, so that the mirror refuses what cannot be done without.
void translate(const Dialect& dialect, twin::event::Event& event);

// The text of a note for all names of the fab itself, and for lots numbered `lots` and below, named
// by their number: what a source that speaks the fab's own numbers begins with.
std::string names_note(const EventNames& fab, std::uint32_t lots);

}  // namespace twins::fab::live
