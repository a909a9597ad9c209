// From a mirror to a simulation: the State that events have moved knows no future; here one is drawn for it, so that a
// copy can run ahead. What is under way ends as the law of its duration says for one that has lasted so long already.
#pragma once
#include <span>

#include "twin/core/draw.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// x: a mirror's State at x.now, all events up to then taken in; its agenda is empty. Returned is a State that
// fab.advance takes on from there with the same theta and draw. Members of a forecast differ by their draw; forecasts
// that begin at different times should too, or they share their luck.
//
// Drawn, each from its law given what the State tells:
//   jobs under way     their process time, given how long it has lasted and, in a cascading tool, when the next
//   job could
//                      begin; a setup under way among the times that lead to it, since the one before is not known
//   breakdowns         the end of a repair; the next failure; for a tool at work, whether one waits for the end of its
//                      job already
//   maintenance        the end of what is under way. Calendars keep the data set's marks
//   transport          the arrival of lots on their way
//   releases           streams go on by the data set's schedule, listed lots too
// Time that exceeds every duration the law allows ends at the next tick: the model knows no better, and says so by
// its scores. A tool that is down in a group without breakdowns comes up at once, since no law says when. A lot
// that was
// unloaded without being told where to is taken to be on its way to the step it has just done: between two events of
// one instant there is no telling.
[[nodiscard]] State with_future(const AnyFab& fab, State x, std::span<const double> theta,
                                twin::core::Draw draw);

}  // namespace twins::fab
