// If this failed, a filter would take what is far for near.
#include "apps/fabtwin/assimilate/subject.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::assimilate {
namespace {

TEST(Geometry, MeasuresTheShorterWay) {
  const Geometry ring{.kind = Geometry::Kind::Ring, .width = 40};
  EXPECT_EQ(ring.distance(1.0, 0.0, 39.0, 0.0), 2.0);
  const Geometry grid{.kind = Geometry::Kind::Grid, .width = 10, .height = 10};
  EXPECT_EQ(grid.distance(0.0, 0.0, 3.0, 4.0), 5.0);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
