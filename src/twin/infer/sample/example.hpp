// Densities whose moments are known, for tests: those of the UM-Bridge benchmarks and eight schools.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "twin/infer/sample/target.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::example {

// y = (x1 / 2, 2 x2 + 0.4 (x1^2 + 4)) is normal about (0, 4) with covariance ((1, 0.5), (0.5, 1)).
// E x = (0, 0.4), Var x1 = 4, Cov = 0.5, Var x2 = 1.53.
inline Target banana() {
  return target_with_slopes(2, [](std::span<const double> x, std::span<double> slope) {
    const double a = x[0] / 2, b = 2 * x[1] + 0.4 * (x[0] * x[0] + 4) - 4;
    const double da = -(a - 0.5 * b) / 0.75, db = -(b - 0.5 * a) / 0.75;
    slope[0] = da / 2 + db * 0.8 * x[0];
    slope[1] = db * 2;
    return -0.5 * (a * a - a * b + b * b) / 0.75;
  });
}

// A ring of radius 2.6: E |x| = 2.60634615, E |x|^2 = 6.8095.
inline Target donut() {
  return target_with_slopes(2, [](std::span<const double> x, std::span<double> slope) {
    const double r = std::sqrt(x[0] * x[0] + x[1] * x[1]), apart = r - 2.6;
    for (std::size_t i = 0; i < 2; ++i) slope[i] = -2 * apart / 0.033 * (r > 0.0 ? x[i] / r : 0.0);
    return -apart * apart / 0.033;
  });
}

// Three bells of equal weight: mean (-2/3, 2/3), variances 3.08889, covariance 0.61111.
inline Target mixture() {
  return target_with_slopes(2, [](std::span<const double> x, std::span<double> slope) {
    constexpr std::array<std::array<double, 3>, 3> Bells = {
        {{-1.5, -1.5, 0.8}, {1.5, 1.5, 0.8}, {-2, 2, 0.5}}};
    double sum = 0.0;
    slope[0] = slope[1] = 0.0;
    for (const auto& [a, b, v] : Bells) {
      const double p =
          math::exp(-0.5 * ((x[0] - a) * (x[0] - a) + (x[1] - b) * (x[1] - b)) / v) / v;
      sum += p;
      slope[0] -= p * (x[0] - a) / v;
      slope[1] -= p * (x[1] - b) / v;
    }
    slope[0] /= sum;
    slope[1] /= sum;
    return math::log(sum);
  });
}

// x1 ~ N(0, 3^2), x2 ~ N(0, exp(x1)): Var x1 = 9, Var x2 = exp(4.5).
inline Target funnel() {
  return target_with_slopes(2, [](std::span<const double> x, std::span<double> slope) {
    const double e = math::exp(-x[0]), q = x[1] * x[1] * e;
    slope[0] = -x[0] / 9 - 0.5 + 0.5 * q;
    slope[1] = -x[1] * e;
    return -x[0] * x[0] / 18 - x[0] / 2 - 0.5 * q;
  });
}

// Eight schools (D. B. Rubin, J. Educational Statistics 6, 1981) in its non-centred form, x = (theta_trans 1..8,
// mu, log tau), mu ~ N(0, 5), tau ~ half-Cauchy(0, 5). posteriordb's reference: mu 4.4105 (error 0.033), tau
// 3.6021 (0.032), theta_1 6.1505 (0.056), E mu^2 30.40, E tau^2 23.20.
inline Target eight_schools() {
  return target_with_slopes(10, [](std::span<const double> x, std::span<double> slope) {
    constexpr std::array<double, 8> Y = {28, 8, -3, 7, -1, 1, 18, 12},
                                    Sigma = {15, 10, 16, 11, 9, 11, 10, 18};
    const double mu = x[8], tau = math::exp(x[9]);
    double value = -mu * mu / 50 - math::log1p(tau * tau / 25) + x[9];
    slope[8] = -mu / 25;
    slope[9] = 1 - 2 * tau * tau / (25 + tau * tau);
    for (std::size_t j = 0; j < 8; ++j) {
      const double off = (Y[j] - mu - tau * x[j]) / Sigma[j];
      value -= 0.5 * (x[j] * x[j] + off * off);
      slope[j] = -x[j] + off * tau / Sigma[j];
      slope[8] += off / Sigma[j];
      slope[9] += off * tau * x[j] / Sigma[j];
    }
    return value;
  });
}

// What moments and a reference's own error are to be met.
struct Expected {
  double (*of)(std::span<const double>);
  double value, error;
};

}  // namespace twin::infer::example
