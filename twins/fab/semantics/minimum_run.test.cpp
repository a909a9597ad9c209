// Reference 2.9, second half: after a change of setup the tool starts MINRUN lots before it changes
// again, hot lots or not, unless no further lot of its setup can come.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

struct Implanter : TinyFab {              // one tool, setups X and Y of 10 min, jobs of 10 min
  std::uint32_t x = 0, y = 0, blank = 0;  // products
  explicit Implanter(std::uint32_t minimum_run) {
    add_group("M");
    group(0).keeps_minimum_run = true;
    x = add_route({setup_step(add_setup("X", minimum_run))});
    y = add_route({setup_step(add_setup("Y", minimum_run))});
    blank = add_route({step_at(0, 10)});
    add_change(None, 0, 10);
    add_change(None, 1, 10);
  }
  static Step setup_step(std::uint32_t setup) {
    Step step = step_at(0, 10);
    step.setup = setup;
    return step;
  }
};

// Wrong: hot lots would break the run (implant would be idle 1.3 % instead of 12.8 %). Run of 3: X at
// 0 (setup 10), 20, 30; only then the hot Y. After it no other Y can come: X again at 60.
TEST(MinimumRun, HoldsBackHotLotsToo) {
  Implanter fab(3);
  fab.add_lot(fab.x);
  fab.add_lot(fab.y, {.at = 1, .priority = 20});
  for (const double at : {2.0, 3.0, 4.0}) fab.add_lot(fab.x, {.at = at});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 M#1 setup X", "20 start 2 M#1", "30 start 3 M#1",
                          "40 start 1 M#1 setup Y", "60 start 4 M#1 setup X"));
}

// Wrong: a lot that needs no setup would not count. Run of 2: X at 0, the blank lot at 20; then the
// hot Y may change the setup.
TEST(MinimumRun, EveryStartCounts) {
  Implanter fab(2);
  fab.add_lot(fab.x);
  fab.add_lot(fab.blank, {.at = 1, .priority = 30});
  fab.add_lot(fab.y, {.at = 2, .priority = 20});
  fab.add_lot(fab.x, {.at = 3});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 M#1 setup X", "20 start 1 M#1", "30 start 2 M#1 setup Y",
                          "50 start 3 M#1 setup X"));
}

// Wrong: the tool would change setup rather than wait. Run of 2: idle from 20 to 50.
TEST(MinimumRun, TheToolWaits) {
  Implanter fab(2);
  fab.add_lot(fab.x);
  fab.add_lot(fab.y, {.at = 1});
  fab.add_lot(fab.x, {.at = 50});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 M#1 setup X", "50 start 2 M#1", "60 start 1 M#1 setup Y"));
}

// Wrong: the tool would wait for lots that never come.
TEST(MinimumRun, EndsWhenNoFurtherLotOfTheSetupCanCome) {
  Implanter fab(7);
  fab.add_lot(fab.x);
  fab.add_lot(fab.y, {.at = 1});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 M#1 setup X", "20 start 1 M#1 setup Y"));
}

// Wrong: a lot two steps upstream would be taken for none. It comes at 90, then the run is over.
TEST(MinimumRun, LotsUpstreamCount) {
  Implanter fab(2);
  const auto a = fab.add_group("A");
  const auto late = fab.add_route({step_at(a, 90), Implanter::setup_step(0)});
  fab.add_lot(fab.x);
  fab.add_lot(late);
  fab.add_lot(fab.y, {.at = 1});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 M#1 setup X", "0 start 1 A#1", "90 start 1 M#1",
                          "100 start 2 M#1 setup Y"));
}

// Wrong: every group would keep runs. Without the rule the hot lot goes second.
TEST(MinimumRun, IsARuleOfTheGroup) {
  Implanter fab(7);
  fab.group(0).keeps_minimum_run = false;
  fab.add_lot(fab.x);
  fab.add_lot(fab.y, {.at = 1, .priority = 20});
  fab.add_lot(fab.x, {.at = 2});
  EXPECT_THAT(
      Shift(fab).to(200).lines_of("start"),
      ElementsAre("0 start 0 M#1 setup X", "20 start 1 M#1 setup Y", "40 start 2 M#1 setup X"));
}

}  // namespace
}  // namespace twins::fab::semantics
