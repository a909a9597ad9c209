// What must hold of a fab's State at every instant, whatever moved it: each lot in one place, lines
// and lists that hang together, counters that add up, one future for all that is under way.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// A simulation has its future in the agenda; a mirror has none.
enum class Future : std::uint8_t { InAgenda, Unknown };

// A sentence for each invariant that does not hold; empty where all do.
std::vector<std::string> check_state(const Layout& layout, const State& x,
                                     Future future = Future::InAgenda);

}  // namespace twins::fab
