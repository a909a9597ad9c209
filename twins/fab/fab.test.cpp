// If these failed, a fab's future would depend on where it was paused, saved or run.
#include "twins/fab/fab.hpp"

#include <gtest/gtest.h>

#include "twin/contract/check_model.hpp"
#include "twins/fab/rules/atcs.hpp"
#include "twins/fab/rules/batcs.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/edd.hpp"
#include "twins/fab/rules/fifo.hpp"
#include "twins/fab/rules/fsvct.hpp"
#include "twins/fab/rules/odd.hpp"
#include "twins/fab/rules/published.hpp"
#include "twins/fab/rules/spt.hpp"
#include "twins/fab/rules/srpt.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using twin::contract::ModelCase;

template <class Rule>
ModelCase<Fab<Rule>> busy(LayoutOptions options = {}) {
  options.setup_lines = Rule::WeighsSetup;
  const auto layout = compile(semantics::busy_fab().description, options);
  return {.model = Fab<Rule>(layout),
          .theta = layout->nominal_theta(),
          .draw = {.seed = 20240229, .member = 0},
          .horizon = static_cast<Tick>(2 * DayMs),
          .pauses = 12,
          .next_event = [](const State& x) {
            State copy = x;
            return copy.agenda.next_at();
          }};
}

TWIN_CHECK_MODEL(FabPublished, busy<Published>);
TWIN_CHECK_MODEL(FabFifo, busy<Fifo>);
TWIN_CHECK_MODEL(FabCr, busy<Cr>);
TWIN_CHECK_MODEL(FabSpt, busy<Spt>);
TWIN_CHECK_MODEL(FabEdd, busy<Edd>);
TWIN_CHECK_MODEL(FabOdd, busy<Odd>);
TWIN_CHECK_MODEL(FabSrpt, busy<Srpt>);
TWIN_CHECK_MODEL(FabFsvct, busy<Fsvct>);
TWIN_CHECK_MODEL(FabAtcs, busy<Atcs>);
TWIN_CHECK_MODEL(FabBatcs, busy<Batcs>);

// The options that change the laws.
ModelCase<Fab<Fifo>> suspending() {
  LayoutOptions options;
  options.breakdown = LayoutOptions::Breakdowns::Suspend;
  options.cascade = LayoutOptions::Cascade::AtSlotFree;
  options.second_setup = LayoutOptions::SecondSetup::AtSlotFree;
  options.wake = LayoutOptions::Wake::All;
  options.super_hot_reservation = true;
  options.due_spread = 0.2;
  return busy<Fifo>(options);
}
TWIN_CHECK_MODEL(FabSuspending, suspending);

// Wrong: writing down what happens would change it.
TEST(Fab, ASinkNeverChangesTheRun) {
  const auto c = busy<Fifo>();
  State told = c.initial();
  semantics::Trace trace;
  c.model.advance(told, c.theta, c.horizon, c.draw, trace);
  EXPECT_EQ(twin::contract::difference(told, c.run(), "with a sink"), "");
  EXPECT_GT(trace.lines.size(), 1000U);
}

// Wrong: two seeds would give the same fab.
TEST(Fab, TheSeedMatters) {
  auto c = busy<Fifo>();
  const State one = c.run();
  c.draw.seed += 1;
  EXPECT_FALSE(one == c.run());
}

}  // namespace
}  // namespace twins::fab
