// If this failed, samplers would be led by slopes that are not those of the density they are tested with.
#include "twin/infer/sample/example.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace twin::infer::example {
namespace {

TEST(SampleExample, SlopesAreThoseOfTheDensity) {
  const std::vector<double> two = {0.7, -1.1},
                            ten = {0.1, -0.2, 0.3, 1.4, -0.5, 0.6, 0.7, -0.8, 3.9, 0.9};
  for (const Target& t : {banana(), donut(), mixture(), funnel()})
    EXPECT_LT(slope_error(t, two), 1e-7);
  EXPECT_LT(slope_error(eight_schools(), ten), 1e-7);
}

}  // namespace
}  // namespace twin::infer::example
