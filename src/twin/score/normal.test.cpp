// If these failed, every closed form of a score would be wrong with them.
#include "twin/score/normal.hpp"

#include <gtest/gtest.h>

#include "twin/math/distributions.hpp"

namespace twin::score {
namespace {

// Table 26.1 of M. Abramowitz and I. A. Stegun (1964).
TEST(Normal, HasThePublishedValues) {
  EXPECT_NEAR(normal_density(0.0), 0.398942280401433, 1e-15);
  EXPECT_NEAR(normal_density(1.0), 0.241970724519143, 1e-15);
  EXPECT_NEAR(normal_below(1.0), 0.841344746068543, 1e-15);
  EXPECT_NEAR(normal_below(2.0), 0.977249868051821, 1e-15);
}

// The distribution function must undo the inverse that draws are made with, in the far tail too.
TEST(Normal, IsTheInverseOfTheQuantiles) {
  for (const double p : {1e-300, 1e-12, 0.01, 0.5, 0.9, 0.999}) {
    EXPECT_NEAR(normal_below(math::normal(p)) / p, 1.0, 1e-11) << p;  // z^2 = 1370 ulp at most
  }
}

// The slope of the integral is the function itself: central difference, error h^2 / 6 * 0.25.
TEST(Normal, AreaIsTheIntegral) {
  const double h = 1e-4;
  for (const double z : {-6.0, -1.0, 0.0, 0.3, 5.0}) {
    const double slope = (normal_area_below(z + h) - normal_area_below(z - h)) / (2.0 * h);
    EXPECT_NEAR(slope, normal_below(z), 1e-9) << z;
  }
  EXPECT_NEAR(normal_area_below(-40.0), 0.0, 1e-300);
}

}  // namespace
}  // namespace twin::score
