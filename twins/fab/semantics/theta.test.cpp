// The multipliers of theta and the load factor: each doubled has its stated effect and no other.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

// Wrong: calibration would move process times by another factor than it says. 10 -> 20 for a lot; a
// cascading tool alone 4 + 24*3 = 76 -> 152 (its interval scales too); B is untouched.
TEST(Theta, ProcessScalesTheGroupsProcessTimes) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), b = fab.add_group("B");
  fab.group(a).job_slots = 2;
  Step cascading = step_at(a, 4, Step::Per::Piece);
  cascading.cascade_interval_ms = 3 * MinuteMs;
  fab.add_lot(fab.add_route({step_at(a, 10)}));
  fab.add_lot(fab.add_route({cascading}));
  fab.add_lot(fab.add_route({step_at(b, 5)}));
  EXPECT_THAT(Shift(fab).to(500).times_of("end"), ElementsAre(5.0, 10.0, 76.0));
  fab.theta = {{"process.A", 2.0}};
  EXPECT_THAT(Shift(fab).to(500).times_of("end"), ElementsAre(5.0, 20.0, 152.0));
}

// Wrong: the spread would not be that of the same lot. 10 + d becomes 10 + 2 d.
TEST(Theta, SpreadScalesTheDeviationFromTheMean) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  Step step = step_at(a, 10);
  step.process = uniform(10, 2);
  fab.add_lot(fab.add_route({step}));
  const double once = Shift(fab).to(100).times_of("end").at(0) - 10.0;
  fab.theta = {{"spread.A", 2.0}};
  const double twice = Shift(fab).to(100).times_of("end").at(0) - 10.0;
  EXPECT_NE(once, 0.0);
  EXPECT_NEAR(twice, 2.0 * once, 3e-5);  // rounded to ticks of 1.7e-5 min
}

std::vector<std::string> downs(const char* name, double value) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({step_at(a, 1)});
  fab.group(a).breakdowns = {{"BD", minutes(100), minutes(50), minutes(20)}};
  fab.theta = {{name, value}};
  return Shift(fab).to(330).lines_of("down up");
}

// Wrong: availability would not respond as (MTBF, MTTR) do. Nominal: first 100, repair 20, next 50.
TEST(Theta, MtbfAndMttrScaleTimesToFailureAndToRepair) {
  EXPECT_THAT(downs("mtbf.A", 2.0), ElementsAre("200 down A#1", "220 up A#1", "320 down A#1"));
  EXPECT_THAT(downs("mttr.A", 2.0), ElementsAre("100 down A#1", "140 up A#1", "190 down A#1",
                                                "230 up A#1", "280 down A#1", "320 up A#1"));
}

// Wrong: a tool group could not be told apart from its area. The group's multiplier does what the area's does.
TEST(Theta, AGroupsMtbfAndMttrMultiplyThoseOfItsArea) {
  EXPECT_EQ(downs("mtbf_group.A", 2.0), downs("mtbf.A", 2.0));
  EXPECT_EQ(downs("mttr_group.A", 2.0), downs("mttr.A", 2.0));
}

// Wrong: 25 % of rework doubled would not be 50 %. 5,000 visits or more: 5 standard errors.
TEST(Theta, ReworkScalesTheProbability) {
  SCOPED_TRACE("seed 1");
  TinyFab fab;
  const auto a = fab.add_group("A");
  Step step = step_at(a, 1);
  step.rework = 0.25;
  step.rework_to = 0;
  fab.add_stream(fab.add_route({step}), 10, 5000);
  for (const double value : {1.0, 2.0}) {
    fab.theta = {{"rework.A", value}};
    const Shift shift = Shift(fab).to(60'000);
    const double visits = static_cast<double>(shift.x().group_tally[0].lots);
    const double p = 0.25 * value;
    EXPECT_NEAR(static_cast<double>(shift.x().group_tally[0].reworks) / visits, p,
                5.0 * std::sqrt(p * (1.0 - p) / visits));
  }
}

// Wrong: 30 % of sampling doubled would not be 60 %, or lots that were measured would not be now.
TEST(Theta, SamplingScalesTheProbability) {
  SCOPED_TRACE("seed 1");
  TinyFab fab;
  const auto a = fab.add_group("A");
  Step step = step_at(a, 1);
  step.sampling = 0.3;
  fab.add_stream(fab.add_route({step}), 10, 5000);
  std::vector<std::string> measured;
  for (const double value : {1.0, 2.0}) {
    fab.theta = {{"sampling.A", value}};
    const Shift shift = Shift(fab).to(60'000);
    const double p = 0.3 * value;
    EXPECT_NEAR(static_cast<double>(shift.x().group_tally[0].lots) / 5000.0, p,
                5.0 * std::sqrt(p * (1.0 - p) / 5000.0));
    const auto starts = shift.lines_of("start");
    for (const std::string& line : measured)  // common random numbers: the same lots and more
      EXPECT_TRUE(std::find(starts.begin(), starts.end(), line) != starts.end()) << line;
    measured = starts;
  }
}

// Wrong: transport would not take twice as long.
TEST(Theta, TransportScalesAllWays) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.description.transports = {{"Fab", "Fab", minutes(6)}};
  fab.add_lot(fab.add_route({step_at(a, 10), step_at(b, 10)}));
  fab.theta = {{"transport", 2.0}};
  EXPECT_THAT(Shift(fab).to(100).times_of("start"), ElementsAre(0.0, 22.0));
}

// Wrong: the operating curve would be drawn over the wrong axis. Twice the load: START and REPEAT
// halved, the allowance until the due date as it was.
TEST(Load, ScalesTheReleases) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  Stream& stream = fab.add_stream(fab.add_route({step_at(a, 100)}), 10, 3);
  stream.start_ms = 4 * MinuteMs;
  stream.due_offset_ms = 300 * MinuteMs;
  fab.options.load = 2.0;
  Shift shift(fab);
  shift.to(50);
  EXPECT_THAT(shift.times_of("release"), ElementsAre(2.0, 7.0, 12.0));
  EXPECT_EQ(shift.lot(0).due, static_cast<Tick>(302 * MinuteMs));
}

}  // namespace
}  // namespace twins::fab::semantics
