// A queue for a rule to choose from, for the tests of the rules: a hot lot 0 keeps tool A until minute
// 50, and who waits there starts in the order of the rule.
#pragma once
#include <string>
#include <vector>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {

struct Waiting {
  std::vector<Step> steps;  // the first at group 0, tool A; others may be at group 1, B
  double due = 1e6;         // [min]
  std::uint32_t wafers = 25;
  double weight = 1.0;  // of tardiness
};

// Lots 1, 2, 3, ... as given; they come at minutes 1, 2, 3, ... B has a tool for each of nine.
inline semantics::TinyFab queue_at_a(const std::vector<Waiting>& waiting) {
  semantics::TinyFab fab;
  fab.add_group("A");
  fab.add_group("B", 9);
  fab.add_lot(fab.add_route({semantics::step_at(0, 50)}), {.priority = 20});
  double at = 0.0;
  for (const Waiting& w : waiting)
    fab.add_lot(fab.add_route(w.steps),
                {.at = ++at, .wafers = w.wafers, .due = w.due, .weight = w.weight});
  return fab;
}

// The lots in the order of their starts up to `until` [min], lot 0 first.
template <class Rule>
std::vector<std::string> order_under(const semantics::TinyFab& fab, Rule rule = {},
                                     double until = 200.0) {
  return semantics::Shift<Rule>(fab, rule).to(until).order();
}

}  // namespace twins::fab
