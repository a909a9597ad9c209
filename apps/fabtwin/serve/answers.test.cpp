// If this failed, a lot of which only a message was seen would be told to be in the fab.
#include "apps/fabtwin/serve/answers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace apps::fabtwin::serve
