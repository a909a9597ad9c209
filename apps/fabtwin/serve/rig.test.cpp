// If these failed, the tests that stand on the rig would compare a twin with something else than the
// fab that it follows, or would call a difference none.
#include "apps/fabtwin/serve/rig.hpp"

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"

#include <gtest/gtest.h>

#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::link::Taken;

TEST(Rig, SeesADifference) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example_fab(), example_rig(5));
  rig.run_until(2 * HourMs);
  // The fab goes on, and nothing of it comes to the twin.
  rig.plant().run_until(4 * HourMs, [](const plant::Delivery&) {});
  EXPECT_NE(rig.difference(), "");
}

TEST(Rig, BringsWhatBreaksOnTheWayAgain) {
  twin::record::SimulatedDisk disk(1);
  RigOptions o = example_rig(5);
  o.plant.faults.corrupt = 0.05;
  o.plant.faults.twice = 0.05;
  Rig rig(disk, example_fab(), o);
  rig.run_until(2 * HourMs);
  ASSERT_TRUE(rig.settle(6 * HourMs));
  EXPECT_GT(rig.unreadable(), 0U);
  EXPECT_GT(rig.taken(Taken::Duplicate), 0U);
  EXPECT_EQ(rig.taken(Taken::Refused), 0U);
  EXPECT_EQ(rig.difference(), "");
}

TEST(Rig, GoesOnAfterAKill) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example_fab(), example_rig(5));
  rig.run_until(2 * HourMs);
  const std::uint64_t durable = rig.living().journal().durable();
  disk.stop();
  disk.restart();
  rig.kill();
  ASSERT_TRUE(rig.alive());
  EXPECT_FALSE(rig.living().opening().created);
  EXPECT_GE(rig.living().journal().durable(), durable);
}

}  // namespace
}  // namespace apps::fabtwin::serve
