// If these failed, a lot of which only a message was seen would be told to be in the fab, or a guess
// would be told as a fact.
#include "apps/fabtwin/serve/answers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "apps/fabtwin/serve/rig.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::fabtwin::serve {
namespace {

// stores.test.cpp asks after a fab's lots and tools; here is what the fab does not know.
TEST(Answers, OfALotThatLeftSayWhereItIsNot) {
  twin::record::SimulatedDisk disk(7);
  RigOptions o;
  o.site.name = "test";
  o.site.record = "record";
  o.site.watermark_ms = 60'000;
  o.site.snapshot_every_ms = 3'600'000;
  o.site.stale_after_ms = 600'000;
  Rig rig(disk, twins::fab::compile(twins::fab::import::read("data/example-fab")), o);
  rig.run_until(5 * 86'400'000);
  const auto& belief = rig.living().belief();
  ASSERT_FALSE(belief.departures.empty());
  const Tick now = rig.plant().now() + rig.living().site().time_zero_ms;
  std::size_t gone = 0;
  for (const std::string& name : belief.live.dialect.lots) {
    const auto text = lot_json(rig.living(), nullptr, name, now);
    ASSERT_TRUE(text);
    const auto lot = nlohmann::json::parse(*text);
    EXPECT_FALSE(lot.contains("events"));
    EXPECT_FALSE(lot.contains("forecast"));
    if (lot["place"] != "not in the fab") continue;
    ++gone;
    EXPECT_FALSE(lot.contains("step")) << name;
  }
  EXPECT_GE(gone, belief.departures.size());
  EXPECT_LT(gone, belief.live.dialect.lots.size());
}

TEST(Answers, OfDoubtsAreThoseOfTheMirror) {
  // Wrong: a doubt would be told of another lot, or of none.
  twin::record::SimulatedDisk disk(7);
  RigOptions o;
  o.site.name = "test";
  o.site.record = "record";
  o.site.watermark_ms = 60'000;
  o.site.snapshot_every_ms = 3'600'000;
  o.site.stale_after_ms = 600'000;
  o.plant.faults.lies = 0.1;
  Rig rig(disk, twins::fab::compile(twins::fab::import::read("data/minifab")), o);
  rig.run_until(4 * 86'400'000);
  auto& living = rig.living();
  const Tick zero = living.site().time_zero_ms, now = rig.plant().now() + zero;
  const auto doubted = living.follower().doubted(living.believed(now));
  ASSERT_GT(doubted.lots.size(), 0U);
  ASSERT_GT(doubted.tools.size(), 0U);
  const auto all = nlohmann::json::parse(doubts_json(living, now));
  ASSERT_EQ(all["lots"].size(), doubted.lots.size());
  ASSERT_EQ(all["tools"].size(), doubted.tools.size());
  std::set<std::string> why;
  const auto check = [&](const nlohmann::json& one) {
    ASSERT_FALSE(one["because"].empty()) << one;
    Tick first = now + 1;
    for (const auto& reason : one["because"]) {
      first = std::min(first, reason["since_ms"].get<Tick>());
      why.insert(reason["why"].get<std::string>());
    }
    EXPECT_EQ(one["since_ms"].get<Tick>(), first);
    EXPECT_GE(first, zero);
    EXPECT_LE(first, now);
  };
  for (std::size_t k = 0; k < doubted.lots.size(); ++k) {
    EXPECT_EQ(all["lots"][k]["lot"], living.belief().live.dialect.lots[doubted.lots[k]]);
    check(all["lots"][k]);
  }
  for (std::size_t k = 0; k < doubted.tools.size(); ++k) {
    EXPECT_EQ(all["tools"][k]["tool"], living.fab().layout().tool_name(doubted.tools[k]));
    check(all["tools"][k]);
  }
  EXPECT_TRUE(why.contains("unbelieved") || why.contains("refused"));
  EXPECT_TRUE(why.contains("inside"));
}

}  // namespace
}  // namespace apps::fabtwin::serve
