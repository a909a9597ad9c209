// A fab whose dispatching rule changes: the queues stand in the order of the rule that filled them, so they are
// ranked anew before another rule takes over.
#pragma once
#include "twins/fab/any_fab.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab::decide {

// Ranks every queue of x as `fab`'s rule does, at x.now, and has every group that could start a job looked at first of
// all. Under the rule that filled the queues nothing changes but that look, which finds nothing to start. Expects the
// State of a simulation (its future in the agenda) over the layout of `fab`.
void rank_anew(const AnyFab& fab, State& x);

}  // namespace twins::fab::decide
