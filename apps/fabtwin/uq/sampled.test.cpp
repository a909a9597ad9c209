// If these failed, a sample would be told with an error that it does not have.
#include "apps/fabtwin/uq/sampled.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::uq {
namespace {

TEST(UqSampled, TellsTheErrorOfAMeanByItsReplications) {
  // Two replications of means 2 and 4: their mean's deviation is 1, times 12.706 for 95 % of Student's t with 1.
  const Sampled s{.u = {}, .x = {}, .y = {{1, 3, 3, 5}}, .replication = {0, 0, 1, 1}};
  const auto mean = s.mean_of(0);
  EXPECT_DOUBLE_EQ(mean.mean, 3.0);
  EXPECT_NEAR(mean.half_width, 12.7062, 1e-3);
}

}  // namespace
}  // namespace apps::fabtwin::uq
