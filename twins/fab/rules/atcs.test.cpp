#include "twins/fab/rules/atcs.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

// Wrong: urgency, length and setup would not be traded as the formula says. -ln(w/p) + max(slack, 0)
// / (k1 p_mean) + s / (k2 s_mean), with w = 1, p = 20 of mean 20, k1 = 2, k2 = 0.5, s_mean = 10.
TEST(Atcs, TheFormulaByHand) {
  const Atcs rule;
  const Look look{.now = 0, .setup_ms = 15.0, .mean_process_ms = 20.0, .mean_setup_ms = 10.0};
  EXPECT_NEAR(rule.cost(1.0, 20.0, 40.0, look), std::log(20.0) + 40.0 / 40.0 + 15.0 / 5.0, 1e-12);
  EXPECT_NEAR(rule.cost(1.0, 20.0, -40.0, look), std::log(20.0) + 3.0, 1e-12);  // late is late
  EXPECT_NEAR(rule.cost(4.0, 20.0, -40.0, look), std::log(5.0) + 3.0, 1e-12);
  const Look no_setup{.now = 0, .setup_ms = 0.0, .mean_process_ms = 20.0, .mean_setup_ms = 0.0};
  EXPECT_NEAR(rule.cost(1.0, 20.0, 40.0, no_setup), std::log(20.0) + 1.0, 1e-12);
}

// Wrong: in the fab too. At 50, process 20, 10, 20, mean 50/3: lots 1 and 2 are late: ln 20 = 3.00
// and ln 10 = 2.30; lot 3 has a slack of 250 - 50 - 20 = 180: 3.00 + 180/(2*16.7) = 8.40.
TEST(Atcs, ShortAndLateFirst) {
  auto fab = queue_at_a({{{step_at(0, 20)}, 40}, {{step_at(0, 10)}, 40}, {{step_at(0, 20)}, 250}});
  fab.options.setup_lines = true;
  EXPECT_THAT(order_under<Atcs>(fab), ElementsAre("0", "2", "1", "3"));
}

// Wrong: a setup that is short against the lateness would be avoided at any price, or never. The
// tool has X. Lot 1 (Y) is older; both are late and alike but for the setup of lot 1.
TEST(Atcs, AvoidsSetups) {
  TinyFab fab;
  fab.add_group("A");
  fab.options.setup_lines = true;
  for (const char* name : {"X", "Y"}) {
    Step step = step_at(0, 10);
    step.setup = fab.add_setup(name);
    step.setup_ms = 5 * MinuteMs;
    fab.add_route({step});
  }
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1, .due = 5});
  fab.add_lot(0, {.at = 2, .due = 5});
  EXPECT_THAT(order_under<Atcs>(fab), ElementsAre("0", "2", "1"));
}

}  // namespace
}  // namespace twins::fab
