// If these failed, the twin would say how bad a bad year is by a law that is none.
#include "twin/uq/gpd.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/uq/tail_risk.hpp"

namespace twin::uq {
namespace {

using contract::refusal;

constexpr double Infinity = std::numeric_limits<double>::infinity();

// Wrong: the published values would not come out: shape 0.2, scale 1, level 0.99.
TEST(Tail, HasThePublishedValues) {
  const Tail tail{.threshold = 0.0, .share = 1.0, .excess = {.shape = 0.2, .scale = 1.0}};
  EXPECT_NEAR(tail.value_at_risk(0.99), 7.55943216, 5e-9);
  EXPECT_NEAR(tail.conditional_value_at_risk(0.99), 10.69929020, 5e-9);
  EXPECT_NEAR(tail.return_level(100), 7.55943216, 5e-9);
  // General: (VaR + scale - shape u) / (1 - shape).
  const Tail far{.threshold = 30.0, .share = 0.05, .excess = {.shape = 0.3, .scale = 2.0}};
  const double var = 30.0 + 2.0 / 0.3 * (std::pow(0.001 / 0.05, -0.3) - 1.0);
  EXPECT_NEAR(far.value_at_risk(0.999), var, 1e-12);
  EXPECT_NEAR(far.conditional_value_at_risk(0.999), (var + 2.0 - 0.3 * 30.0) / 0.7, 1e-12);
  EXPECT_NEAR(far.above(var), 0.001, 1e-15);
  EXPECT_EQ(far.value_at_risk(0.95), 30.0);
}

// Wrong: shape 0, which is exponential, would be a division by nothing, and its neighbourhood noise.
TEST(Gpd, PassesThroughTheExponentialLaw) {
  const Gpd zero{.shape = 0.0, .scale = 3.0};
  EXPECT_NEAR(zero.above(6.0), std::exp(-2.0), 1e-15);
  const TailRisk exact = exponential_tail_risk(3.0, 0.95);
  const Tail tail{.excess = zero};
  EXPECT_NEAR(tail.value_at_risk(0.95), exact.value_at_risk, 1e-13);
  EXPECT_NEAR(tail.conditional_value_at_risk(0.95), exact.conditional_value_at_risk, 1e-13);
  for (const double tiny : {1e-3, 1e-8, 1e-12, 1e-300, -1e-300, -1e-12, -1e-8, -1e-3}) {
    const Gpd near{.shape = tiny, .scale = 3.0};
    EXPECT_NEAR(near.quantile_above(0.01), zero.quantile_above(0.01), 40 * std::abs(tiny) + 1e-13);
    EXPECT_NEAR(near.log_density(6.0), zero.log_density(6.0), 10 * std::abs(tiny) + 1e-14);
  }
}

// Wrong: quantiles would not invert probabilities, or the density not be the slope of them.
TEST(Gpd, IsOneLaw) {
  for (const double shape : {-0.6, -0.2, 0.0, 0.3, 1.5}) {
    const Gpd law{.shape = shape, .scale = 2.0};
    for (const double p : {1.0, 0.9, 0.5, 0.01, 1e-9}) {
      const double x = law.quantile_above(p);
      EXPECT_NEAR(law.above(x) / p, 1.0, 1e-7) << shape << " " << p;
      if (p == 1.0) continue;
      const double h = 1e-5 * x * p;
      if (p < 0.1) continue;
      EXPECT_NEAR(std::exp(law.log_density(x)), (law.above(x - h) - law.above(x + h)) / (2 * h),
                  1e-5);
    }
  }
  const Gpd ends{.shape = -0.5, .scale = 2.0};  // at 4
  EXPECT_EQ(ends.above(4.0), 0.0);
  EXPECT_EQ(ends.above(9.0), 0.0);
  EXPECT_EQ(ends.log_density(4.5), -Infinity);
  EXPECT_EQ(ends.log_density(-0.1), -Infinity);
  EXPECT_DOUBLE_EQ(ends.mean(), 4.0 / 3.0);
  EXPECT_EQ((Gpd{.shape = 1.0, .scale = 1.0}.mean()), Infinity);
  EXPECT_EQ((Tail{.excess = {.shape = 1.2, .scale = 1}}.conditional_value_at_risk(0.9)), Infinity);
}

// Wrong: the error would not be that of the formula: against slopes taken by differences.
TEST(Tail, ItsErrorIsTheDeltaMethods) {
  for (const double shape : {-0.2, 0.0, 1e-7, 0.25}) {
    const Tail tail{.threshold = 5.0, .share = 0.1, .excess = {.shape = shape, .scale = 2.0}};
    const TailError error{.law = {0.04, -0.006, 0.01}, .share = 1e-4};
    const auto at = [&](double scale, double xi, double share) {
      return Tail{5.0, share, {.shape = xi, .scale = scale}}.value_at_risk(0.999);
    };
    const double h = 1e-4;
    const double ds = (at(2 + h, shape, 0.1) - at(2 - h, shape, 0.1)) / (2 * h);
    const double dx = (at(2, shape + h, 0.1) - at(2, shape - h, 0.1)) / (2 * h);
    const double dz = (at(2, shape, 0.1 + h) - at(2, shape, 0.1 - h)) / (2 * h);
    const double variance = ds * ds * 0.04 + 2 * ds * dx * -0.006 + dx * dx * 0.01 + dz * dz * 1e-4;
    EXPECT_NEAR(value_at_risk_error(tail, error, 0.999), std::sqrt(variance), 1e-4) << shape;
  }
}

// Wrong: percent would be taken for probabilities.
TEST(Tail, RefusesNonsense) {
  EXPECT_EQ(refusal([] { static_cast<void>(Tail{}.value_at_risk(99)); }),
            "level = 99 (must lie between 0 and 1, both excluded); is it in percent?");
  EXPECT_EQ(refusal([] { static_cast<void>(Tail{}.return_level(Infinity)); }),
            "losses = inf (must be finite); was a missing value left in?");
}

}  // namespace
}  // namespace twin::uq
