// Mirror exactness on small fabs: whatever the wire does, the mirror is the plant's true state at
// every audited instant, apart from what is in flight.
#include <gtest/gtest.h>

#include "cases/live/followed_plant.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/lively_fab.hpp"

namespace cases::live {
namespace {

constexpr Tick Hour = 3'600'000, Day = 24 * Hour;

PlantOptions week(std::string_view level, std::uint64_t seed) {
  PlantOptions options{.follow = {.reach = 30 * Day}, .length = 7 * Day};
  options.site.faults = apps::plant::faults_of_level(level);
  options.site.faults.clock_steps_per_month = 0.0;  // ClocksSetByAnHour
  options.site.audit_every = 2 * Hour;
  options.site.fab.seed = seed;
  return options;
}

void expect_exact(const std::vector<Audit>& audits, std::uint64_t seed) {
  for (const Audit& a : audits) EXPECT_EQ(a.first, "") << "seed " << seed << " at " << a.at;
}

class MirrorExactness : public ::testing::TestWithParam<const char*> {};

TEST_P(MirrorExactness, OfALivelyFab) {
  // Wrong: the twin would believe of the fab what is not so, or lose or double something (item 2 of
  // what the live twin must show; fault tests 6 to 10, 12, 15). Heavy: 5 % lost on the way, 10 %
  // twice, 10 % overtaken, 1 % late by a minute, 1 % corrupt, lines cut every other day,
  // restarts, clocks off by 90 s that drift. Ghosts end in quarantine or as anomalies, or
  // say nothing that moves.
  std::size_t audits = 0, in_flight = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Followed f = follow_plant(twins::fab::lively_fab(), week(GetParam(), seed));
    EXPECT_TRUE(f.all_in);
    EXPECT_EQ(f.missing, 0U);
    EXPECT_EQ(f.messages, f.accepted + f.quarantined);
    EXPECT_LE(f.live.settled.anomalous + f.quarantined - f.released, f.ghosts);
    EXPECT_EQ(f.live.ledger.beyond, 0U);
    expect_exact(f.audits, seed);
    expect_exact(f.afterwards, seed);
    audits += f.audits.size();
    for (const Audit& a : f.audits) {
      in_flight += a.in_flight;
      all += a.lots + a.tools + a.in_flight;
    }
  }
  EXPECT_GT(audits, 450U);
  EXPECT_LT(50 * in_flight, all);
}

INSTANTIATE_TEST_SUITE_P(Levels, MirrorExactness, ::testing::Values("none", "light", "heavy"),
                         [](const auto& level) { return std::string(level.param); });

TEST(MirrorExactness, WithEveryTimeWhereClocksAreRight) {
  // Wrong: lost, late, doubled, overtaken and corrupt messages, cuts and restarts would leave a trace
  // in the mirror: a time, a place in a queue, a slot. Nothing is in flight, nothing is tolerated.
  std::size_t audits = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    PlantOptions options = week("heavy", seed);
    options.site.faults = faults_of_the_wire("heavy");
    options.demand = Demand::Everything;
    const Followed f = follow_plant(twins::fab::lively_fab(), options);
    EXPECT_TRUE(f.all_in);
    EXPECT_EQ(f.missing, 0U);
    EXPECT_EQ(f.messages, f.accepted);
    EXPECT_EQ(f.quarantined + f.live.settled.anomalous + f.live.settled.inferred, 0U);
    expect_exact(f.audits, seed);
    expect_exact(f.afterwards, seed);
    audits += f.audits.size();
  }
  EXPECT_GT(audits, 450U);
}

TEST(MirrorExactness, EndsALie) {
  // Wrong: a false message that takes the place of a true one would bend the mirror in silence. One
  // event in 200 is told wrongly and never put right: no lot or tool is elsewhere but those that the
  // twin itself says it doubts, and those are few.
  std::size_t lots = 0, wrong = 0, lies = 0, seen = 0, doubted = 0, doubted_wrong = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    PlantOptions options = week("none", seed);
    options.site.faults.lies = 0.005;
    const Followed f = follow_plant(twins::fab::lively_fab(), options);
    EXPECT_TRUE(f.all_in);
    lies += f.lies;
    seen += f.quarantined + f.live.settled.anomalous + f.live.settled.bridged;
    expect_exact(f.audits, seed);
    for (const Audit& a : f.audits) {
      lots += a.lots;
      wrong += a.lots_wrong + a.tools_wrong;
      doubted += a.doubted;
      doubted_wrong += a.doubted_lots_wrong;
    }
  }
  std::printf("%zu lies, %zu seen; %zu of %zu lots wrong, %zu doubted (%zu lots of them wrong)\n",
              lies, seen, wrong, lots, doubted, doubted_wrong);
  EXPECT_GT(lies, 50U);
  EXPECT_GE(seen, lies);
  EXPECT_EQ(wrong, 0U);
  EXPECT_LT(2 * doubted, lots);  // lots and tools
}

TEST(MirrorExactness, ClocksSetByAnHour) {
  // Wrong: a clock that is set by up to an hour would take the mirror with it. Until the tool is
  // next asked for its clock (10 minutes) its events are an hour off; the twin says of which source,
  // and when. What was set aside for it is released.
  std::size_t lots = 0, wrong = 0, in_flight = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    PlantOptions options = week("heavy", seed);
    options.site.faults.clock_steps_per_month = 4.0;
    const Followed f = follow_plant(twins::fab::lively_fab(), options);
    EXPECT_TRUE(f.all_in);
    EXPECT_EQ(f.missing, 0U);
    expect_exact(f.afterwards, seed);
    for (const Audit& a : f.afterwards) {
      lots += a.lots;
      wrong += a.lots_wrong;
      in_flight += a.in_flight;
    }
  }
  std::printf("%zu of %zu lots wrong, %zu lots and tools in flight\n", wrong, lots, in_flight);
  EXPECT_EQ(wrong, 0U);
  EXPECT_LT(5 * in_flight, lots);  // lots and tools
}

TEST(MirrorExactness, OfTheExampleFab) {
  // Wrong: what holds for a fab made for tests would not hold for the bundled one.
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  PlantOptions options = week("heavy", 1);
  options.length = 2 * Day;
  const Followed f = follow_plant(layout, options);
  EXPECT_TRUE(f.all_in);
  EXPECT_GT(f.audits.size(), 20U);
  expect_exact(f.audits, 1);
  expect_exact(f.afterwards, 1);
}

}  // namespace
}  // namespace cases::live
