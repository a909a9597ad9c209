// If this failed, all tests of a living twin would test nothing: no fab, or one at which nothing
// happens.
#include "apps/fabtwin/serve/rig_example.hpp"

#include <gtest/gtest.h>

#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(RigExample, IsAFabAtWork) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example_fab(), example_rig(1));
  rig.run_until(4 * 3'600'000);
  EXPECT_GT(rig.taken(twin::link::Taken::Accepted), 50U);
  EXPECT_GT(rig.living().picture(rig.plant().now() + rig.living().site().time_zero_ms).wip, 0U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
