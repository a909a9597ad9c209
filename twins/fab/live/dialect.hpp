// How the record's numbers become the fab's: names are learnt from its notes; tools, routes and
// items are looked up in the data set by name, lots get numbers of our own by name, so that a lot is
// the same whether a snapshot or an event spoke of it first.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twin/event/names.hpp"
#include "twins/fab/event_names.hpp"

namespace twins::fab::live {

// What has been learnt. A regular value.
struct Dialect {
  std::vector<std::string> sources = {};  // [the record's number] name
  std::vector<std::string> lots = {};     // [our number] name
  std::vector<std::uint32_t> lot = {};    // [the record's number] ours; None: not named yet
  std::vector<std::uint32_t> tool = {}, route = {}, item = {};    // the same; None: not the fab's
  std::uint64_t bad_lines = 0;                                    // of notes that are no names
  std::unordered_map<std::string, std::uint32_t> lot_of = {};     // name -> ours; follows `lots`
  std::unordered_map<std::string, std::uint32_t> source_of = {};  // and `sources`
  bool operator==(const Dialect&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("sources", self.sources);
    a("lots", self.lots);
    a("lot", self.lot);
    a("tool", self.tool);
    a("route", self.route);
    a("item", self.item);
    a("bad_lines", self.bad_lines);
  }
  void loaded();
  [[nodiscard]] std::uint32_t source(std::string_view name) const;  // None: not heard of
  // Our number of a lot; the next free one where the name is new.
  std::uint32_t number_lot(std::string_view name);
};

// Takes in the text of a note of kind "names": a line "<table>\t<number>\t<name>" each. Numbers
// count from 0 without great leaps; a line that is none of that is counted and left out.
void learn(Dialect& dialect, const EventNames& fab, std::string_view text);

// Turns the event's numbers into ours: None where a name is not known, so that the mirror refuses
// what cannot be done without.
void translate(const Dialect& dialect, twin::event::Event& event);

// The text of a note for all names of the fab itself and for lots 0 to `lots` - 1, named "L<number>":
// what a source that speaks the fab's own numbers begins with.
std::string names_note(const EventNames& fab, std::uint32_t lots);

}  // namespace twins::fab::live
