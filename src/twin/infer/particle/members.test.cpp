// If these failed, parameters would lose their spread or their mean each time members are copied.
#include "twin/infer/particle/members.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/contract/toy_walk.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer::particle {
namespace {

// A kernel without shrinkage would widen the parameters with every resampling.
TEST(Members, ShrinkageKeepsMeanAndCovariance) {
  constexpr std::size_t Members = 20000;
  std::vector<double> theta(2 * Members);
  Eigen::Map<Eigen::MatrixXd> all(theta.data(), 2, Members);
  Eigen::MatrixXd z(2, Members);
  standard_normal({.seed = 2, .member = 0}, 0, 0, z);
  all.row(0) = z.row(0).array() * 3.0 + 1.0;
  all.row(1) = 0.5 * z.row(0) + z.row(1);
  const std::vector<double> equal(Members, 1.0);
  const Spread before = spread_of(all, equal);
  shrink_parameters(theta, before, 0.95, {.seed = 2, .member = 0}, 4);
  const Spread after = spread_of(all, equal);
  const Eigen::MatrixXd c = before.root * before.root.transpose();
  const Eigen::MatrixXd d = after.root * after.root.transpose();
  for (int i = 0; i < 2; ++i) {
    // 5 standard errors of the kernel's part, h^2 = 0.051.
    EXPECT_NEAR(after.mean[i], before.mean[i], 5.0 * std::sqrt(0.052 * c(i, i) / Members));
    EXPECT_NEAR(d(i, i), c(i, i), 5.0 * c(i, i) * std::sqrt(2.0 * 2.0 * 0.052 / Members));
  }
  EXPECT_NE(all(0, 0), 3.0 * z(0, 0) + 1.0);
}

// Members would be worked on twice or not at all.
TEST(Members, BlocksCoverAll) {
  for (const std::size_t n : {0U, 1U, 63U, 64U, 65U, 1000U}) {
    std::vector<int> visits(n);
    for_blocks(core::Threads{3}, n, [&](std::size_t i) { ++visits[i]; });
    EXPECT_EQ(visits, std::vector<int>(n, 1));
  }
}

// A member's parameters would part from the state that they made.
TEST(Members, ParametersMoveWithTheirMember) {
  using Belief = core::Ensemble<contract::ToyWalk>;
  Belief belief = core::initial_ensemble(contract::ToyWalk{}, 4, {1, 10, 2, 20, 3, 30, 4, 40}, {});
  belief.log_weight = {-1e9, 0.0, -1e9, std::log(3.0)};
  const Belief before = belief;
  resample_members(belief, weights_of(belief.log_weight), {.seed = 1, .member = 7}, {},
                   core::Threads{1});
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t from = belief.x[i] == before.x[1] ? 1 : 3;
    EXPECT_EQ(belief.x[i], before.x[from]);
    EXPECT_EQ(belief.theta[2 * i], before.theta[2 * from]);
    EXPECT_EQ(belief.theta[2 * i + 1], before.theta[2 * from + 1]);
    EXPECT_EQ(belief.log_weight[i], 0.0);  // log of the mean weight (1 + 3) / 4
  }
}

}  // namespace
}  // namespace twin::infer::particle
