// If these failed, far observations would be cut off with an edge, or near ones counted short.
#include "twin/infer/ensemble/taper.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twin::infer {
namespace {

TEST(Taper, IsThatOfGaspariAndCohn) {
  // Weights would differ from the published function: its known values, and no step anywhere.
  EXPECT_EQ(gaspari_cohn(0.0, 3.0), 1.0);
  EXPECT_NEAR(gaspari_cohn(3.0, 3.0), 5.0 / 24.0, 1e-15);
  EXPECT_NEAR(gaspari_cohn(std::nextafter(3.0, 4.0), 3.0), 5.0 / 24.0, 1e-14);
  EXPECT_NEAR(gaspari_cohn(std::nextafter(6.0, 0.0), 3.0), 0.0, 1e-14);
  EXPECT_EQ(gaspari_cohn(6.0, 3.0), 0.0);
  EXPECT_EQ(gaspari_cohn(-2.0, 3.0), gaspari_cohn(2.0, 3.0));
  for (int i = 0; i < 600; ++i) {
    EXPECT_GE(gaspari_cohn(0.01 * i, 3.0), gaspari_cohn(0.01 * (i + 1), 3.0)) << i;
  }
}

TEST(Taper, HasItsRadiusWherePublishedSettingsHaveIt) {
  // A radius would not mean what published settings mean by it: by hand, z = 1/1.82 gives
  // 1 - 5/3 z^2 + 5/8 z^3 + z^4/2 - z^5/4 = 0.6335; and 1.7386 is the Gaussian's place.
  EXPECT_NEAR(gaspari_cohn(4.0, half_support_of_radius(4.0)), 0.6335, 1e-4);
  EXPECT_NEAR(gaspari_cohn(1.0, 1.7386), std::exp(-0.5), 1e-3);
}

}  // namespace
}  // namespace twin::infer
