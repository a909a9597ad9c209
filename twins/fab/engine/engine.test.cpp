// The small laws under the engine: durations by inversion, ticks, and what an event may touch.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: process and repair times would follow another law.
TEST(Engine, DurationsByInversion) {
  EXPECT_EQ(inverted(Duration::Law::Constant, 10.0, 3.0, 0.1), 10.0);
  EXPECT_DOUBLE_EQ(inverted(Duration::Law::Uniform, 10.0, 3.0, 0.0), 7.0);
  EXPECT_DOUBLE_EQ(inverted(Duration::Law::Uniform, 10.0, 3.0, 1.0), 13.0);
  EXPECT_NEAR(inverted(Duration::Law::Exponential, 10.0, 0.0, std::exp(-2.0)), 20.0, 1e-9);
}

// Wrong: times would be cut, not rounded.
TEST(Engine, TicksAreRounded) {
  EXPECT_EQ(to_ticks(2.4), 2);
  EXPECT_EQ(to_ticks(2.5), 3);
  EXPECT_EQ(to_ticks(0.0), 0);
}

// Wrong: groups touched at an instant would wait for the next one.
TEST(Engine, NothingIsLeftToDispatchBetweenInstants) {
  semantics::Shift shift(semantics::busy_fab());
  for (int hour = 0; hour < 48; ++hour) {
    shift.to(60.0 * hour + 0.123);
    EXPECT_TRUE(shift.x().touched.empty());
    for (const Group& g : shift.x().groups) EXPECT_FALSE(g.touched);
  }
}

}  // namespace
}  // namespace twins::fab
