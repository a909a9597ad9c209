// If these failed, whoever looks back would see another past than the one that the twin lived through.
#include "apps/fabtwin/serve/moments.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/lists.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

TEST(Moments, AreThePastAsItWasBelievedThen) {
  twin::record::SimulatedDisk disk(6);
  Rig rig(disk, example_fab(), example_rig(6));
  struct Then {
    Tick at = 0;
    std::string belief;
    json groups, lots;
  };
  std::vector<Then> lived;
  for (int hours = 5; hours <= 35; hours += 10) {
    rig.run_until(hours * HourMs);
    Living& living = rig.living();
    (void)living.journal().commit();
    living.pass(rig.plant().now() + living.site().time_zero_ms);
    // What had arrived by then, no later than what is in the record.
    const Tick at = living.belief().live.newest + living.site().time_zero_ms;
    lived.push_back({at, fmt::format("{:016x}", twins::fab::live::belief_hash(living.settled())),
                     json::parse(groups_json(living, at))["groups"],
                     json::parse(lots_json(living, at))["lots"]});
  }
  Living& living = rig.living();
  const auto range = moments_of(disk, living.site(), lived.back().at);
  EXPECT_LE(range.from_ms, lived.front().at);
  EXPECT_EQ(range.until_ms, lived.back().at);
  std::uint64_t folded = 0;
  for (const Then& then : lived) {
    const json past =
        json::parse(past_json(disk, living.site(), example_fab(),
                              {.at_ms = then.at, .entries = living.journal().durable()}));
    EXPECT_EQ(past["belief"], then.belief) << then.at;
    EXPECT_EQ(past["groups"], then.groups);
    EXPECT_EQ(past["lots"], then.lots);
    EXPECT_EQ(past["wip"], then.lots.size());
    folded = std::max(folded, past["folded"].get<std::uint64_t>());
  }
  EXPECT_LT(folded, living.journal().durable()) << "from snapshots, not from the start";
}

TEST(Moments, BeforeAllAreAnEmptyFab) {
  twin::record::SimulatedDisk disk(6);
  Rig rig(disk, example_fab(), example_rig(6));
  rig.run_until(2 * HourMs);
  const Tick first = rig.living().site().time_zero_ms - DayMs;
  const json past =
      json::parse(past_json(disk, rig.living().site(), example_fab(),
                            {.at_ms = first, .entries = rig.living().journal().durable()}));
  EXPECT_EQ(past["wip"], 0);
}

}  // namespace
}  // namespace apps::fabtwin::serve
