// Reference 2.13: at the end of a rework step the whole lot goes back with probability r, at every
// visit anew; the steps in between are done again.
#include <gmock/gmock.h>

#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

// Steps A, B (sampled 50 %), C with rework 50 % to A; a queue-time window from A to C.
TinyFab loop_fab() {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B"), c = fab.add_group("C");
  Step first = step_at(a, 10), between = step_at(b, 10), last = step_at(c, 10);
  first.queue_time_exit = 2;
  first.queue_time_ms = HourMs;
  between.sampling = 0.5;
  last.rework = 0.5;
  last.rework_to = 0;
  fab.add_route({first, between, last});
  return fab;
}

// Wrong: the same lot would fail for ever (the draw's occasion would be the step), or never twice.
// The number of reworks of a lot is geometric: mean r/(1-r) = 1, variance r/(1-r)^2 = 2. 5,000 lots,
// 5 standard errors (false alarm 6e-7).
TEST(Rework, IsDrawnAnewAtEveryVisit) {
  SCOPED_TRACE("seed 1");
  constexpr double N = 5'000;
  TinyFab fab = loop_fab();
  fab.add_stream(0, 100, static_cast<std::uint64_t>(N));
  const Shift shift = Shift(fab).to(100 * N + 10'000);
  const auto& tally = shift.x().group_tally;
  ASSERT_EQ(shift.x().class_tally[0].finished, 5'000U);
  const double reworks = static_cast<double>(tally[2].reworks);
  EXPECT_NEAR(reworks / N, 1.0, 5.0 * std::sqrt(2.0 / N));
  std::vector<int> of_lot(static_cast<std::size_t>(N), 0);
  double twice = 0.0;
  for (const std::string& line : shift.lines_of("rework"))
    if (++of_lot[std::stoul(line.substr(line.find("rework ") + 7))] == 2) twice += 1.0;
  EXPECT_NEAR(twice / N, 0.25, 5.0 * std::sqrt(0.25 * 0.75 / N));
  // Every pass samples anew: of all passes half go through B.
  const double passes = N + reworks;
  EXPECT_EQ(tally[0].lots, static_cast<std::uint64_t>(passes));
  EXPECT_NEAR(static_cast<double>(tally[1].lots) / passes, 0.5, 5.0 * std::sqrt(0.25 / passes));
}

// Wrong: a lot would come back to the wrong step, skip what must be done again, or keep a window
// open. One lot: with n reworks A and C are done n + 1 times, and n + 1 windows are closed.
TEST(Rework, TheStepsInBetweenAreDoneAgain) {
  int reworked = 0;
  for (std::uint32_t member = 0; member < 20; ++member) {
    TinyFab fab = loop_fab();
    fab.draw.member = member;
    fab.add_lot(0);
    const Shift shift = Shift(fab).to(10'000);
    const std::size_t n = shift.lines_of("rework").size();
    const auto& tally = shift.x().group_tally;
    EXPECT_EQ(tally[0].lots, n + 1);
    EXPECT_EQ(tally[2].lots, n + 1);
    EXPECT_EQ(tally[1].lots + tally[1].skipped, n + 1);
    EXPECT_EQ(shift.x().window_tally[1].closed, n + 1);
    const double work = 10.0 * static_cast<double>(2 * (n + 1) + tally[1].lots);
    EXPECT_DOUBLE_EQ(shift.times_of("finish").at(0), work);
    if (n > 0) {
      ++reworked;
      EXPECT_NE(shift.lines_of("rework")[0].find("rework 0 to r0/1"), std::string::npos);
    }
  }
  EXPECT_GE(reworked, 1);
}

}  // namespace
}  // namespace twins::fab::semantics
