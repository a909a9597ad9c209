// If these failed, the head of the fab would be wrong: what left, what should have, how long it took.
#include "apps/fabtwin/serve/departures.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/route_time.hpp"

namespace apps::fabtwin::serve {
namespace {

constexpr Tick Today = 30 * DayMs;  // [tick]

Departure of(Tick ago, Tick took, Tick early) {
  const Tick at = Today - ago;
  return {.at = at, .released = at - took, .due = at + early, .product = 0};
}

TEST(Departures, AreCountedWithWhatWasDue) {
  const std::vector<double> raw = {5.0};
  const std::vector<Departure> all = {
      of(6 * DayMs, 20 * DayMs, HourMs),   // in time
      of(2 * DayMs, 10 * DayMs, -HourMs),  // late, and due within the week too
      of(HourMs, 15 * DayMs, -2 * DayMs),  // late: due two days before it left
      {.at = Today - 2 * HourMs, .released = Today - 2 * HourMs}};  // nobody knows more of it
  const twins::fab::State none;
  const Leavings l = leavings(all, raw, none, Today);
  EXPECT_EQ(l.out_week, 4U);
  EXPECT_EQ(l.out_day, 2U);
  EXPECT_EQ(l.due_week, 3U);
  EXPECT_EQ(l.due_day, 0U);
  EXPECT_DOUBLE_EQ(l.cycle_days, 15.0);
  EXPECT_DOUBLE_EQ(l.flow_factor, 3.0) << "15 days of 5";
  ASSERT_TRUE(l.on_time);
  EXPECT_DOUBLE_EQ(*l.on_time, 1.0 / 3.0);
}

TEST(Departures, OfNoneTellNothing) {
  const Leavings l = leavings({}, {}, {}, Today);
  EXPECT_EQ(l, Leavings());
  EXPECT_FALSE(l.on_time) << "not 0 %";
}

TEST(Departures, OfALivingTwinAreThoseOfItsPlant) {
  twin::record::SimulatedDisk disk(3);
  Rig rig(disk, example_fab(), example_rig(3));
  rig.run_until(6 * DayMs);
  ASSERT_TRUE(rig.settle(6 * DayMs + 2 * HourMs));
  const Tick now = rig.plant().now();
  rig.living().pass(now + rig.living().site().time_zero_ms);
  const auto x = rig.living().believed(now + rig.living().site().time_zero_ms).x;
  const Leavings l = rig.living().leavings(x, now);
  std::uint64_t finished = 0, in_time = 0, late = 0;
  for (const auto& tally : rig.plant().fab().state().class_tally) {
    finished += tally.finished;
    in_time += tally.on_time;
  }
  ASSERT_GT(finished, 100U);
  // What left in the last minutes has not settled yet.
  EXPECT_LE(l.out_week, finished);
  EXPECT_GE(l.out_week + 5, finished);
  ASSERT_TRUE(l.on_time);
  EXPECT_NEAR(*l.on_time, static_cast<double>(in_time) / static_cast<double>(finished), 0.03);
  for (const auto& lot : x.lots)
    late += lot.place != twins::fab::LotPlace::Free && lot.due <= now ? 1U : 0U;
  EXPECT_GE(l.due_week, late) << "who is late is among those that were due";
}

TEST(Departures, RawDaysAreThoseOfAnEmptyFab) {
  const auto& d = example_fab()->description;
  const auto days = raw_days(*example_fab());
  ASSERT_EQ(days.size(), d.products.size());
  for (std::size_t p = 0; p < days.size(); ++p) {
    const double work = twins::fab::route_time(d, d.routes[d.products[p].route]).work_ms /
                        static_cast<double>(DayMs);
    EXPECT_GT(days[p], work) << "transport and rework beside it";
    EXPECT_LT(days[p], 1.5 * work);
  }
}

}  // namespace
}  // namespace apps::fabtwin::serve
