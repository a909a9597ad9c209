// If these failed, "not detected" would be taken for a number, or for nothing.
#include "twin/infer/craft/censored.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

double density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979324); }
double below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// Posterior moments of z by the trapezium rule over prior times likelihood.
ScalarPosterior by_quadrature(const Normal& prior, Reading reading, double y, double r) {
  const double root = std::sqrt(prior.variance), error = std::sqrt(r);
  double sum = 0.0, first = 0.0, second = 0.0;
  const double step = 1e-3;
  for (int i = -12000; i <= 12000; ++i) {
    const double z = prior.mean + root * step * i;
    const double d = (y - z) / error;
    const double likelihood = reading == Reading::Value   ? density(d) / error
                              : reading == Reading::Below ? below(d)
                                                          : below(-d);
    const double w = density(step * i) * likelihood * step;
    sum += w;
    first += w * z;
    second += w * z * z;
  }
  const double mean = first / sum;
  return {.belief = {mean, second / sum - mean * mean}, .log_likelihood = std::log(sum)};
}

TEST(Censored, MomentsAreThoseOfTheQuadrature) {
  // The belief after "below the limit" would have the wrong mean or width.
  for (const Reading reading : {Reading::Value, Reading::Below, Reading::Above}) {
    for (const double y : {-6.0, -2.0, 0.0, 1.3, 4.0}) {
      const Normal prior{.mean = 0.7, .variance = 1.7};
      const ScalarPosterior p = posterior_of(prior, reading, y, 0.6);
      const ScalarPosterior q = by_quadrature(prior, reading, y, 0.6);
      EXPECT_NEAR(p.belief.mean, q.belief.mean, 1e-9) << y;
      EXPECT_NEAR(p.belief.variance, q.belief.variance, 1e-9) << y;
      EXPECT_NEAR(p.log_likelihood, q.log_likelihood, 1e-9) << y;
    }
  }
}

TEST(Censored, HoldsFarFromTheLimit) {
  // An instrument that says "below 0" while all expect 1000 would give no number; one that says what
  // is certain anyway would still move the belief.
  const ScalarPosterior far =
      posterior_of({.mean = 1000.0, .variance = 4.0}, Reading::Below, 0.0, 1.0);
  // The reading lies just below 0: y = -sd/a; so nearly an exact reading of 0 with tiny spread.
  EXPECT_NEAR(far.belief.mean, 200.0, 0.01);
  EXPECT_NEAR(far.belief.variance, 0.8, 1e-4);
  EXPECT_NEAR(far.log_likelihood, -0.5 * 1e6 / 5.0, 10.0);
  const Normal prior{.mean = 1000.0, .variance = 4.0};
  const ScalarPosterior certain = posterior_of(prior, Reading::Above, 0.0, 1.0);
  EXPECT_EQ(certain.belief.mean, prior.mean);
  EXPECT_EQ(certain.belief.variance, prior.variance);
  EXPECT_EQ(certain.log_likelihood, 0.0);
}

TEST(Censored, MillsRatioAgreesWithErfc) {
  // Both branches and their seam, and the logarithm where erfc has long been 0.
  for (double x = 0.0; x < 30.0; x += 0.1) {
    const double expected = below(-x) / density(x);
    EXPECT_NEAR(mills_ratio(x) / expected, 1.0, 1e-12) << x;
    EXPECT_NEAR(log_normal_below(-x), std::log(below(-x)), 1e-12 * (1.0 + x * x)) << x;
    EXPECT_NEAR(inverse_mills(x), density(x) / below(x), 1e-13) << x;
    EXPECT_NEAR(inverse_mills(-x) * expected, 1.0, 1e-12) << x;
  }
  EXPECT_NEAR(mills_ratio(2.5 - 1e-12), mills_ratio(2.5), 1e-12);
  EXPECT_NEAR(log_normal_below(-1000.0), -500000.0 - std::log(1000.0) - 0.9189385332, 1e-5);
}

TEST(Censored, VirtualReadingsFollowTheTruncatedNormal) {
  // Members would be updated with readings that could not have been: against the mean of the
  // truncated normal over a grid of u, whose error is below the step.
  const Normal predictive{.mean = 1.0, .variance = 4.0};
  for (const Reading reading : {Reading::Below, Reading::Above}) {
    double sum = 0.0;
    const int count = 20000;
    for (int i = 0; i < count; ++i) {
      const double y = virtual_reading(predictive, reading, 0.5, (i + 0.5) / count);
      EXPECT_TRUE(reading == Reading::Below ? y <= 0.5 : y >= 0.5);
      sum += y;
    }
    const double side = reading == Reading::Below ? 1.0 : -1.0;
    const double a = side * -0.25;
    EXPECT_NEAR(sum / count, 1.0 - side * 2.0 * density(a) / below(a), 1e-3);
  }
  EXPECT_EQ(virtual_reading(predictive, Reading::Value, 0.5, 0.1), 0.5);
}

}  // namespace
}  // namespace twin::infer
