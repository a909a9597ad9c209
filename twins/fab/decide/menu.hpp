// A menu from the fab as it is: what an engineer on shift could do about the tool groups that everything waits for.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/decide/rollouts.hpp"

namespace twins::fab::decide {

struct MenuAsked {
  std::string standing = "published";  // the rule that works now
  std::vector<std::string> rules = {"fifo", "cr", "odd", "edd", "srpt", "fsvct"};
  std::vector<std::string> releases = {};        // ways in which lots enter; see policies.hpp
  std::vector<std::string> qualifications = {};  // of tools; see policies.hpp
  std::size_t most = 50;                         // alternatives, the standing policy among them
  std::uint32_t bottlenecks = 5;  // tool groups whose queues and maintenances are looked at
  double shift_hours = 12.0;      // moves of lots last so long, maintenances move by so much
};

// The first is the standing policy. Then the rules, the ways in which lots enter, the qualifications;
// then, in turns until there are enough: the lots with the least
// slack in the bottlenecks' queues to the front and those with the most slack to the back, for a shift;
// maintenances by days of the bottlenecks' tools that are due within two shifts, at once or a shift later.
// Bottlenecks: the groups with the most work waiting for each of their tools [h of process time]. x: a mirror's
// State. All can be done to x.
std::vector<Alternative> menu_of(const AnyFab& fab, const State& x, const Outlook& outlook,
                                 const MenuAsked& asked);

// Tool groups by the work that waits for each tool, most first; those where nothing waits are not among them.
std::vector<std::uint32_t> waited_for(const Layout& layout, const State& x);

}  // namespace twins::fab::decide
