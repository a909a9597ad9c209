// Reference 2.10 and 2.11: who goes next, on which tool.
#include <gmock/gmock.h>

#include "twins/fab/rules/published.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Step setup_step(std::uint32_t setup, double mean = 10) {
  Step step = step_at(0, mean);
  step.setup = setup;
  return step;
}

// Products 0 and 1 need setups X and Y of 5 min on group A.
TinyFab two_setups(std::uint32_t tools = 1) {
  TinyFab fab;
  fab.add_group("A", tools);
  for (const char* name : {"X", "Y"}) {
    const auto setup = fab.add_setup(name);
    fab.add_change(None, setup, 5);
    fab.add_route({setup_step(setup)});
  }
  return fab;
}

// Wrong: hot lots would wait, or setups would be wasted, or age would not count. At 15 the hot lot 3
// goes though it needs Y; then 1, which needs no setup now; then 2 and 4, equally old, by number.
TEST(QueueOrder, PriorityThenLeastSetupThenFifoThenNumber) {
  TinyFab fab = two_setups();
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1});
  fab.add_lot(0, {.at = 2});
  fab.add_lot(1, {.at = 2, .priority = 20});
  fab.add_lot(0, {.at = 2});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 A#1 setup X", "15 start 3 A#1 setup Y", "30 start 1 A#1",
                          "40 start 2 A#1 setup X", "55 start 4 A#1"));
}

// Wrong: the least setup would win over age where FWLRANK does not name it.
TEST(QueueOrder, CriteriaCountOnlyWhereTheGroupRanksThem) {
  TinyFab fab = two_setups();
  fab.group(0).rank = {Criterion::Fifo};
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1});
  fab.add_lot(0, {.at = 2, .priority = 20});
  EXPECT_THAT(
      Shift(fab).to(200).lines_of("start"),
      ElementsAre("0 start 0 A#1 setup X", "15 start 1 A#1 setup Y", "30 start 2 A#1 setup X"));
}

// Wrong: a group that puts setup before priority would be read the other way round.
TEST(QueueOrder, SetupMayStandBeforePriority) {
  TinyFab fab = two_setups();
  fab.group(0).rank = {Criterion::LeastSetup, Criterion::HighestPriority, Criterion::Fifo};
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1, .priority = 20});
  fab.add_lot(0, {.at = 2});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 A#1 setup X", "15 start 2 A#1", "25 start 1 A#1 setup Y"));
}

// Wrong: litho setup shares would be far from the reference: for ranking only setup.txt counts, a
// step's own STIME is 0 [A]. Lot 1 (Y, own time) is older than lot 2 (X) and goes first.
TEST(QueueOrder, TheStepsOwnSetupTimeDoesNotRank) {
  TinyFab fab = two_setups();
  for (Route& route : fab.description.routes) route.steps[0].setup_ms = 5 * MinuteMs;
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1});
  fab.add_lot(0, {.at = 2});
  EXPECT_THAT(
      Shift(fab).to(200).lines_of("start"),
      ElementsAre("0 start 0 A#1 setup X", "15 start 1 A#1 setup Y", "30 start 2 A#1 setup X"));
}

// Wrong: the tool that has just worked would get the next lot. A#2 is idle since 5, A#1 since 10.
TEST(ToolChoice, LongestIdleFirst) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  const auto slow = fab.add_route({step_at(a, 10)}), quick = fab.add_route({step_at(a, 5)});
  fab.add_lot(slow);
  fab.add_lot(quick);
  fab.add_lot(slow, {.at = 20});
  fab.add_lot(slow, {.at = 20});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 A#1", "0 start 1 A#2", "20 start 2 A#2", "20 start 3 A#1"));
}

// Y runs on A#1 until 15, X on A#2 until 16; at 30 comes an X. Where does it go?
std::string woken(std::uint32_t slots, LayoutOptions::Wake wake, double own_ms) {
  TinyFab fab = two_setups(2);
  fab.group(0).job_slots = slots;
  fab.group(0).wakes_least_setup = true;
  fab.options.wake = wake;
  for (Route& route : fab.description.routes) route.steps[0].setup_ms = own_ms;
  fab.add_lot(1);
  fab.add_lot(0, {.at = 1});
  fab.add_lot(0, {.at = 30});
  return Shift(fab).to(200).lines_of("start").back();
}

// Wrong: an arriving lot would cause a setup while an idle tool has it. By default in cascading
// groups; STIME counts here [A].
TEST(ToolChoice, TheLeastSetupIsWoken) {
  using Wake = LayoutOptions::Wake;
  EXPECT_EQ(LayoutOptions{}.wake, Wake::CascadingOnly);
  for (const double own_ms : {-1.0, 5 * MinuteMs}) {
    EXPECT_EQ(woken(2, Wake::CascadingOnly, own_ms), "30 start 2 A#2");
    EXPECT_EQ(woken(1, Wake::CascadingOnly, own_ms), "30 start 2 A#1 setup X");
    EXPECT_EQ(woken(1, Wake::All, own_ms), "30 start 2 A#2");
    EXPECT_EQ(woken(2, Wake::Never, own_ms), "30 start 2 A#1 setup X");
  }
}

// Wrong: late lots would not be hurried. Remaining work at step 1 for 25 wafers: 0.5*(1 + 25*2 + 1)
// + (1 + 30 + 1) + (1 + 4 + 24*3 + 1) = 26 + 32 + 78 = 136 min: sampled, with load and unload, no
// transport, no setup, no rework.
TEST(CriticalRatio, RemainingWorkIsLoadProcessAndUnload) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B"), c = fab.add_group("C");
  for (const auto g : {a, b, c}) fab.group(g).load_ms = fab.group(g).unload_ms = MinuteMs;
  fab.group(c).job_slots = 2;
  fab.description.transports = {{"Fab", "Fab", minutes(7)}};
  Step sampled = step_at(a, 2, Step::Per::Piece), cascading = step_at(c, 4, Step::Per::Piece);
  sampled.sampling = 0.5;
  cascading.cascade_interval_ms = 3 * MinuteMs;
  cascading.setup = fab.add_setup("X");
  cascading.setup_ms = 20 * MinuteMs;
  cascading.rework = 0.1;
  cascading.rework_to = 1;
  fab.add_route({sampled, step_at(b, 30), cascading});
  const auto layout = compile(fab.description);
  Lot lot;
  lot.wafers = 25;
  EXPECT_DOUBLE_EQ(remaining_ms(*layout, lot) / MinuteMs, 136.0);
  lot.step = 2;
  EXPECT_DOUBLE_EQ(remaining_ms(*layout, lot) / MinuteMs, 78.0);
}

// Wrong: the ratio would be frozen at arrival. Lot 1 (due 100, work 10), lot 2 (due 190, work 20),
// waiting from 0 on. At 0 the ratios are 10 and 9.5; at 50, when the tool is free, 5 and 7: lot 1.
TEST(CriticalRatio, IsTakenWhenTheToolIsFree) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).rank = {Criterion::HighestPriority, Criterion::CriticalRatio};
  fab.add_lot(fab.add_route({step_at(a, 50)}), {.priority = 20});
  const auto first = fab.add_route({step_at(a, 10)}), second = fab.add_route({step_at(a, 20)});
  fab.add_lot(second, {.due = 190});
  fab.add_lot(first, {.due = 100});
  EXPECT_THAT(Shift<Published>(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 2 A#1", "60 start 1 A#1"));
}

}  // namespace
}  // namespace twins::fab::semantics
