// Reference 2.9, first half: when a setup is needed and how long it takes.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Step setup_step_setup(std::uint32_t setup) {
  Step step = step_at(0, 10);
  step.setup = setup;
  return step;
}

struct SetupFab : TinyFab {  // one tool; a route of one step for each setup asked for
  SetupFab() { add_group("A"); }
  // Lots 100 min apart, so that each is alone: the setup time of each one [min].
  std::vector<double> setups_of(const std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i)
      add_lot(add_route({steps[i]}), {.at = 100.0 * static_cast<double>(i)});
    const auto ends = Shift(*this).to(1e5).times_of("end");
    std::vector<double> times;
    for (std::size_t i = 0; i < ends.size(); ++i)
      times.push_back(ends[i] - 100.0 * static_cast<double>(i) - 10.0);
    return times;
  }
};

// Wrong: DE_BE_13 would pay 7 min both ways. X -> Y 12, Y -> X 7; from no setup or from Z the blank
// entry: 5 to X, 6 to Y. Nothing is listed to Z: no time.
TEST(Setup, IsSequenceDependent) {
  SetupFab fab;
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y"), z = fab.add_setup("Z");
  fab.add_change(x, y, 12);
  fab.add_change(y, x, 7);
  fab.add_change(None, x, 5);
  fab.add_change(None, y, 6);
  const auto s = setup_step_setup;
  EXPECT_THAT(fab.setups_of({s(x), s(y), s(x), s(x), s(z), s(x), s(z), s(y)}),
              ElementsAre(5.0, 12.0, 7.0, 0.0, 0.0, 5.0, 0.0, 6.0));
}

// Wrong: a route's own setup time would be lost.
TEST(Setup, TheStepsOwnTimeWins) {
  SetupFab fab;
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y");
  fab.add_change(None, x, 5);
  fab.add_change(None, y, 5);
  Step own = setup_step_setup(y);
  own.setup_ms = 3 * MinuteMs;
  EXPECT_THAT(fab.setups_of({setup_step_setup(x), own, setup_step_setup(y), setup_step_setup(x)}),
              ElementsAre(5.0, 3.0, 0.0, 5.0));
}

// Wrong: a step without SETUP would undo the tool's setup, and the next lot would pay again.
TEST(Setup, ABlankStepLeavesTheSetupAlone) {
  SetupFab fab;
  const auto x = fab.add_setup("X");
  fab.add_change(None, x, 5);
  EXPECT_THAT(fab.setups_of({setup_step_setup(x), setup_step_setup(None), setup_step_setup(x)}),
              ElementsAre(5.0, 0.0, 0.0));
}

// Wrong: WHEN = always would be read as need. Each of three lots pays 4; the count is three.
TEST(Setup, AlwaysMeansEveryTime) {
  SetupFab fab;
  const auto x = fab.add_setup("X");
  Step always = setup_step_setup(x);
  always.setup_always = true;
  always.setup_ms = 4 * MinuteMs;
  EXPECT_THAT(fab.setups_of({always, always, always}), ElementsAre(4.0, 4.0, 4.0));
  Shift shift(fab);
  shift.to(1000);
  EXPECT_EQ(shift.x().group_tally[0].setups, 3U);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Setup), 12.0);
}

// Wrong: a tool would begin with a setup that the file did not give it, or without the one it did.
TEST(Setup, ToolsBeginAsTheirGroupSays) {
  SetupFab fab;
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y");
  fab.add_change(None, x, 5);
  fab.add_change(x, y, 9);
  fab.group(0).initial_setup = x;
  EXPECT_THAT(fab.setups_of({setup_step_setup(x), setup_step_setup(y)}), ElementsAre(0.0, 9.0));
}

}  // namespace
}  // namespace twins::fab::semantics
