// If these failed, a posterior would be that of another prior, in one of its coordinates or in all.
#include "twin/infer/sample/prior.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/exp_sinh.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

constexpr double NoMoment = std::numeric_limits<double>::quiet_NaN();

struct KnownPrior {
  std::string name;
  Prior prior;
  double mean = NoMoment, variance = NoMoment;  // where there are any
};

// Moments: Johnson, Kotz and Balakrishnan. Of the normal law cut at 1 and 3: by its densities there.
std::vector<KnownPrior> known_priors() {
  const double gamma_half = std::tgamma(1.5), gamma_one = std::tgamma(2.0);
  const double at_1 = std::exp(-0.5) / std::sqrt(2 * std::numbers::pi),
               at_3 = std::exp(-4.5) / std::sqrt(2 * std::numbers::pi);
  const double all =
      0.5 * (std::erfc(1 / std::numbers::sqrt2) - std::erfc(3 / std::numbers::sqrt2));
  const double cut_mean = (at_1 - at_3) / all;
  return {
      {"normal", Prior::normal(2, 3), 2, 9},
      {"lognormal", Prior::lognormal(0.3, 0.5), std::exp(0.425),
       (std::exp(0.25) - 1) * std::exp(0.85)},
      {"uniform", Prior::uniform(-1, 4), 1.5, 25.0 / 12},
      {"exponential", Prior::exponential(2.5), 2.5, 6.25},
      {"gamma", Prior::gamma(2.5, 2), 5, 10},
      {"gamma, infinite at 0", Prior::gamma(0.4, 1), 0.4, 0.4},
      {"beta", Prior::beta(2, 3), 0.4, 0.04},
      {"beta, infinite at both ends", Prior::beta(0.5, 0.5), 0.5, 0.125},
      {"Laplace", Prior::laplace(-1, 2), -1, 8},
      {"t, 8 degrees", Prior::student_t(8, 1, 2), 1, 4 * 8.0 / 6},
      {"t, 3 degrees", Prior::student_t(3)},
      {"Cauchy", Prior::cauchy(1, 2)},
      {"half-normal", Prior::half_normal(2), 2 * std::sqrt(2 / std::numbers::pi),
       4 * (1 - 2 / std::numbers::pi)},
      {"half-Cauchy", Prior::half_cauchy(5)},
      {"Weibull", Prior::weibull(2, 3), 3 * gamma_half, 9 * (gamma_one - gamma_half * gamma_half)},
      {"cut normal", Prior::truncated_normal({.low = 1, .high = 3}), cut_mean,
       1 + (at_1 - 3 * at_3) / all - cut_mean * cut_mean},
      {"cut normal, above", Prior::truncated_normal({.mean = 1, .deviation = 2, .low = 0})},
      {"cut normal, below", Prior::truncated_normal({.mean = 1, .deviation = 2, .high = 3})},
  };
}

TEST(Prior, DensitiesIntegrateToProbabilities) {
  // In the coordinate without bounds, from a quantile on outwards: the density, its Jacobian and the quantile at
  // once.
  boost::math::quadrature::exp_sinh<double> integrator;
  for (const auto& k : known_priors()) {
    for (const double p : {0.1, 0.5, 0.8}) {
      if (k.name == "Laplace" && p != 0.5) continue;  // no quadrature over its peak
      const double at = k.prior.to_line(k.prior.quantile(p));
      const double above = integrator.integrate(
          [&](double t) { return std::exp(k.prior.from_line(at + t).log_density); });
      const double below = integrator.integrate(
          [&](double t) { return std::exp(k.prior.from_line(at - t).log_density); });
      EXPECT_NEAR(below, p, 1e-8) << k.name;
      EXPECT_NEAR(above, 1 - p, 1e-8) << k.name;
    }
  }
}

TEST(Prior, SlopesAreThoseOfTheDensity) {
  // Central differences: a step of 1e-5 leaves 1e-10 of a third derivative and 1e-11 of rounding.
  for (const auto& k : known_priors()) {
    for (const double p : {0.03, 0.2, 0.55, 0.9}) {
      const double x = k.prior.quantile(p), v = k.prior.to_line(x), z = k.prior.to_normal(x);
      const double h = 1e-5;
      const Placed on_line = k.prior.from_line(v), up = k.prior.from_line(v + h),
                   down = k.prior.from_line(v - h);
      EXPECT_NEAR(on_line.dx, (up.x - down.x) / (2 * h), 1e-7 * (1 + on_line.dx)) << k.name;
      EXPECT_NEAR(on_line.slope, (up.log_density - down.log_density) / (2 * h), 1e-7) << k.name;
      EXPECT_NEAR(on_line.log_density, k.prior.log_density(x) + std::log(on_line.dx), 1e-12);
      const double step = h * on_line.dx;
      EXPECT_NEAR(k.prior.slope(x) * on_line.dx,
                  (k.prior.log_density(x + step) - k.prior.log_density(x - step)) / (2 * h), 1e-7)
          << k.name;
      const Placed of_normal = k.prior.from_normal(z);
      EXPECT_NEAR(of_normal.x, x, 1e-12 * (1 + std::abs(x))) << k.name;
      EXPECT_NEAR(of_normal.dx,
                  (k.prior.from_normal(z + h).x - k.prior.from_normal(z - h).x) / (2 * h),
                  1e-7 * (1 + of_normal.dx))
          << k.name;
    }
  }
}

TEST(Prior, MomentsAreThoseOfTheLaw) {
  // Of x(z) for standard normal z, by the trapezoidal rule with steps of 0.01: its error falls faster than any
  // power of the step where x(z) is smooth, with its fourth power at Laplace's peak. Of t with 8 degrees 1e-9 lies
  // beyond |z| = 14.
  constexpr double Step = 0.01;
  for (const auto& k : known_priors()) {
    if (std::isnan(k.mean)) continue;
    double sum = 0.0, squares = 0.0, all = 0.0;
    for (int i = -1'400; i <= 1'400; ++i) {
      const double z = i * Step,
                   weight = Step * std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
      const double off = k.prior.from_normal(z).x - k.mean;
      all += weight;
      sum += weight * off;
      squares += weight * off * off;
    }
    EXPECT_NEAR(all, 1.0, 1e-13);
    EXPECT_NEAR(sum, 0.0, 1e-8) << k.name;
    EXPECT_NEAR(squares / k.variance, 1.0, 1e-7) << k.name;
  }
}

TEST(Prior, QuantilesArePublishedOnes) {
  const double normal = 1.959963984540054;
  EXPECT_NEAR(Prior::normal(0, 1).quantile(0.975), normal, 1e-14);
  EXPECT_NEAR(Prior::lognormal(0, 1).quantile(0.975), std::exp(normal), 1e-13);
  EXPECT_NEAR(Prior::student_t(3).quantile(0.975), 3.182446305283710, 1e-13);
  EXPECT_NEAR(Prior::student_t(30).quantile(0.975), 2.042272456301238, 1e-13);
  EXPECT_NEAR(Prior::student_t(0.5).quantile(0.975), 164.5576734804885, 1e-10);
  EXPECT_NEAR(Prior::student_t(1).quantile(0.975), 12.70620473617470, 1e-12);
  EXPECT_NEAR(Prior::cauchy(0, 1).quantile(0.975), 12.70620473617470, 1e-12);
  EXPECT_NEAR(Prior::half_cauchy(1).quantile(0.95), 12.70620473617470, 1e-12);
  EXPECT_NEAR(Prior::half_normal(1).quantile(0.95), normal, 1e-14);
  EXPECT_NEAR(Prior::laplace(0, 1).quantile(0.975), std::log(20.0), 1e-13);
  EXPECT_NEAR(Prior::gamma(2.5, 2).quantile(0.95), 11.07049769351635, 1e-12);  // chi-squared, 5
  EXPECT_NEAR(Prior::beta(2, 3).quantile(0.05), 0.09761146288641434, 1e-14);
  EXPECT_NEAR(Prior::beta(2, 3).quantile(0.95), 0.7513953742698185, 1e-14);
  EXPECT_NEAR(Prior::exponential(2).quantile(0.95), 2 * std::log(20.0), 1e-13);
  EXPECT_NEAR(Prior::weibull(2, 3).quantile(0.95), 3 * std::sqrt(std::log(20.0)), 1e-13);
}

TEST(Prior, QuantilesUndoProbabilities) {
  // Of the rarest too, where x is not rounded to an end that is no 0: relative errors are those of x itself, times
  // its logarithmic hazard (z^2 of a normal law: 1,400 at 1e-300).
  for (const auto& k : known_priors()) {
    const bool cut = k.name.starts_with("cut"), to_infinity = std::isinf(k.prior.high()),
               to_0 = (k.prior.low() == 0.0 && !cut) || std::isinf(k.prior.low());
    for (const double p : {1e-300, 1e-200, 1e-100, 1e-30, 1e-10, 1e-3, 0.1, 0.3, 0.5}) {
      if (to_0 || p >= 1e-3) {
        const double x = k.prior.quantile(p);
        if (x > 0.0 || k.prior.low() < 0.0) {
          EXPECT_NEAR(k.prior.below(x) / p, 1.0, 2e-12) << k.name << " " << p;
          EXPECT_NEAR(k.prior.to_normal(x), -Prior::normal(0, 1).quantile_above(p), 2e-11)
              << k.name;
        }
      }
      if (to_infinity || p >= 0.1) {
        const double x = k.prior.quantile_above(p);
        EXPECT_NEAR(k.prior.above(x) / p, 1.0, 2e-12) << k.name << " " << p;
        EXPECT_NEAR(k.prior.to_line(k.prior.from_line(k.prior.to_line(x)).x), k.prior.to_line(x),
                    1e-11 * (1 + std::abs(k.prior.to_line(x))))
            << k.name;
        EXPECT_NEAR(k.prior.below(k.prior.quantile(1 - p)), 1 - p, 1e-13) << k.name;
      }
    }
    EXPECT_EQ(k.prior.quantile(0), k.prior.low());
    EXPECT_EQ(k.prior.quantile_above(0), k.prior.high());
  }
}

TEST(Prior, DensitiesGoOnWhereNumbersEnd) {
  // A gamma law of shape 0.01 holds 0.06 % below exp(-745), the least double: in v its density is exp(0.01 v) there.
  const Prior g = Prior::gamma(0.01, 1), b = Prior::beta(0.01, 0.02);
  EXPECT_NEAR(g.from_line(-900).log_density - g.from_line(-2'000).log_density, 11.0, 1e-12);
  EXPECT_NEAR(g.from_line(-2'000).slope, 0.01, 1e-15);
  EXPECT_NEAR(b.from_line(-900).log_density - b.from_line(-2'000).log_density, 11.0, 1e-12);
  EXPECT_NEAR(b.from_line(900).log_density - b.from_line(2'000).log_density, 22.0, 1e-12);
  EXPECT_NEAR(b.from_line(2'000).slope, -0.02, 1e-15);
  EXPECT_EQ(b.from_line(2'000).x, 1.0);
  EXPECT_NEAR(Prior::half_cauchy(1).from_line(600).slope, -1.0, 1e-15);
  EXPECT_NEAR(Prior::lognormal(0, 100).from_line(600).log_density,
              Prior::normal(0, 100).log_density(600), 1e-12);
  // A path that left its energy may go anywhere.
  EXPECT_EQ(Prior::gamma(2.5, 1).from_line(1e300).log_density,
            -std::numeric_limits<double>::infinity());
}

TEST(Prior, BeyondItsEndsThereIsNothing) {
  for (const auto& k : known_priors()) {
    const double inf = std::numeric_limits<double>::infinity();
    for (const double x : {k.prior.low() - 1, k.prior.high() + 1, -inf, inf}) {
      EXPECT_EQ(k.prior.log_density(x), -inf) << k.name;
      EXPECT_EQ(k.prior.slope(x), 0.0);
      EXPECT_EQ(k.prior.below(x) + k.prior.above(x), 1.0);
      EXPECT_TRUE(std::isinf(x) || std::isnan(k.prior.to_line(x)));
      EXPECT_TRUE(std::isinf(x) || std::isnan(k.prior.to_normal(x)));
    }
    EXPECT_TRUE(std::isnan(k.prior.log_density(NoMoment)) && std::isnan(k.prior.below(NoMoment)));
  }
  EXPECT_EQ(Prior::beta(1, 1).log_density(0.0), 0.0);  // no 0 x infinity
  EXPECT_EQ(Prior::exponential(2).log_density(0.0), -std::log(2.0));
}

TEST(Prior, SaysWhatIsNoLaw) {
  EXPECT_EQ(contract::refusal([] { (void)Prior::normal(0, -1); }),
            "a normal prior's deviation = -1 (must be positive)");
  EXPECT_EQ(contract::refusal([] { (void)Prior::half_cauchy(0); }),
            "a half-Cauchy prior's scale = 0 (must be positive)");
  EXPECT_EQ(contract::refusal([] { (void)Prior::student_t(NoMoment); }),
            "a Student t prior's degrees of freedom = nan (must be finite); was a missing value "
            "left in?");
  EXPECT_EQ(contract::refusal([] { (void)Prior::uniform(3, 1); }),
            "a uniform prior from 3 to 1 (must be finite and rise) are they exchanged?");
  EXPECT_EQ(contract::refusal([] { (void)Prior::truncated_normal({.low = 1, .high = 0}); }),
            "a truncated normal prior from 1 to 0 (must rise) are they exchanged?");
  EXPECT_EQ(contract::refusal([] { (void)Prior::truncated_normal({.mean = -50, .low = 0}); }),
            "a normal prior of mean -50 and deviation 1 cut to 0 to inf (less than 1e-300 of it is "
            "there) is another law meant?");
}

}  // namespace
}  // namespace twin::infer
