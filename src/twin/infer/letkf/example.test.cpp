// If this failed, the fast analysis would be held against something that is not the LETKF.
#include "twin/infer/letkf/example.hpp"

#include <gtest/gtest.h>

namespace twin::infer {
namespace {

TEST(SlowLetkf, IsTheKalmanFilterWhereEverythingIsSeen) {
  const Example e = random_example(3, 4, 6, 1);
  const std::vector<Domain> domains = {
      {.variables = {0, 1, 2}, .observations = {0, 1, 2, 3}, .weights = {1, 1, 1, 1}}};
  const Eigen::MatrixXd x = slow_letkf(e, domains);
  const KalmanAnswer k = kalman_answer(e);
  EXPECT_LT((x.rowwise().mean() - k.mean).norm(), 1e-12);
  EXPECT_LT((covariance_of(x) - k.covariance).norm(), 1e-12);
  EXPECT_GT(worst_row(e.x, x), 0.01);
}

}  // namespace
}  // namespace twin::infer
