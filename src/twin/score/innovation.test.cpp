// If these failed, a filter could believe itself more than its observations allow.
#include "twin/score/innovation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t InnovationSeed = 20290110;

// S = {{4, 2}, {2, 3}} has the inverse {{3, -2}, {-2, 4}} / 8: d = (2, 1) gives (12 - 8 + 4) / 8.
// The upper half is not read.
TEST(InnovationSquare, IsTheQuadraticForm) {
  EXPECT_DOUBLE_EQ(innovation_square(std::array{2.0, 1.0}, std::array{4.0, 9.0, 2.0, 3.0}), 1.0);
  const std::array d = {1.0, -2.0, 3.0};
  EXPECT_DOUBLE_EQ(innovation_square_diagonal(d, std::array{1.0, 4.0, 2.0}), 6.5);
  const std::array diagonal = {1.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 2.0};
  EXPECT_DOUBLE_EQ(innovation_square(d, diagonal), 6.5);
}

// A scalar Kalman filter on a random walk, with the variances it believes q and r against the true
// 1 and 2.
InnovationCheck filter(double q, double r, std::uint32_t times) {
  const core::Draw draw{.seed = InnovationSeed, .member = 0};
  InnovationCheck check;
  double truth = 0.0, mean = 0.0, variance = 1.0;
  for (std::uint32_t t = 0; t < times; ++t) {
    truth += math::normal(draw.uniform(0, 0, t));
    const double y = truth + std::sqrt(2.0) * math::normal(draw.uniform(1, 0, t));
    variance += q;
    const double s = variance + r;
    const std::array d = {y - mean};
    check.add(innovation_square_diagonal(d, std::array{s}), 1);
    mean += variance / s * d[0];
    variance *= 1.0 - variance / s;
  }
  return check;
}

// A right filter passes (p above 1e-6, ratio 1 within 5 sqrt(2 / 5000) = 0.1); one that believes
// half the noise has the ratio 2, one that believes twice the noise 1/2: both must be found.
TEST(InnovationCheck, TellsARightFilterFromAnother) {
  const auto right = filter(1.0, 2.0, 5000).answer();
  EXPECT_NEAR(right->ratio, 1.0, 0.1) << "seed " << InnovationSeed;
  EXPECT_GT(right->test.p_value, 1e-6) << "seed " << InnovationSeed;
  const auto sure = filter(0.5, 1.0, 5000).answer();
  EXPECT_NEAR(sure->ratio, 2.0, 0.2)
      << "seed " << InnovationSeed;  // same gain after the start, so twice
  EXPECT_LT(sure->test.p_value, 1e-9);
  EXPECT_GT(sure->ratio, sure->ratio_high);
  const auto careful = filter(2.0, 4.0, 5000).answer();
  EXPECT_NEAR(careful->ratio, 0.5, 0.05) << "seed " << InnovationSeed;
  EXPECT_LT(careful->test.p_value, 1e-9);
  EXPECT_LT(careful->ratio, careful->ratio_low);
}

// The 95 % region of chi-square with 100 degrees of freedom, as tables have it: 74.22 to 129.56.
TEST(InnovationCheck, HasThePublishedRegion) {
  InnovationCheck check;
  for (int i = 0; i < 50; ++i) check.add(2.0, 2);
  const auto a = check.answer();
  EXPECT_NEAR(a->ratio_low, 0.7422, 5e-5);
  EXPECT_NEAR(a->ratio_high, 1.2956, 5e-5);
  EXPECT_DOUBLE_EQ(a->ratio, 1.0);
}

// Part of a State; times without observations count nothing; no observations, no answer.
TEST(InnovationCheck, IsAValue) {
  InnovationCheck check;
  check.add(0.0, 0);
  EXPECT_FALSE(check.answer());
  check = filter(1.0, 2.0, 10);
  EXPECT_EQ(core::load<InnovationCheck>(core::save(check)), check);
  check.merge(check);
  EXPECT_EQ(check.observations(), 20U);
}

// A broken covariance must not pass for a large innovation.
TEST(InnovationSquare, RefusesWhatIsNoCovariance) {
  const std::array d = {1.0, 1.0};
  EXPECT_EQ(refusal([&] {
              innovation_square(d, std::array{1.0, 1.0, 1.0, 1.0});
            }),
            "covariance of innovations is not positive definite (pivot 1 is 0); is an observation "
            "there twice without error?");
  EXPECT_EQ(refusal([&] { innovation_square(d, std::array{1.0}); }),
            "1 covariances and 4 pairs of innovations (must be as many); do they belong together?");
  EXPECT_EQ(refusal([&] {
              innovation_square_diagonal(d, std::array{1.0, 0.0});
            }),
            "variance = 0 (must be positive)");
  const std::array holed = {1.0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(refusal([&] {
              innovation_square_diagonal(holed, std::array{1.0, 1.0});
            }),
            "innovation[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { innovation_square({}, {}); }),
            "no innovation (needs at least one value); was everything filtered out?");
}

}  // namespace
}  // namespace twin::score
