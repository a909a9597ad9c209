// If these failed, repair times and process times would follow another law than the one that was
// read.
#include "twin/math/distributions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::math {
namespace {

constexpr std::uint64_t Seed = 20240229;
constexpr int Draws = 200'000;

// A distribution: its inversion, its distribution function (from the C library), mean and variance.
struct Law {
  const char* name;
  double (*inverse)(double);
  double (*cdf)(double);
  double mean;
  double variance;
};

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

const Law Laws[] = {
    {"uniform", [](double u) { return uniform(u, 5.0, 10.0); },
     [](double x) { return (x - 5.0) / 5.0; }, 7.5, 25.0 / 12},
    {"exponential", [](double u) { return exponential(u, 3.0); },
     [](double x) { return 1.0 - std::exp(-x / 3.0); }, 3.0, 9.0},
    {"triangular", [](double u) { return triangular(u, 1.0, 2.0, 5.0); },
     [](double x) {
       return x < 2.0 ? (x - 1.0) * (x - 1.0) / 4.0 : 1.0 - (5.0 - x) * (5.0 - x) / 12.0;
     },
     8.0 / 3, (1.0 + 4.0 + 25.0 - 2.0 - 5.0 - 10.0) / 18},
    {"weibull", [](double u) { return weibull(u, 2.0, 3.0); },
     [](double x) { return 1.0 - std::exp(-x * x / 9.0); }, 3.0 * std::sqrt(M_PI) / 2,
     9.0 * (1.0 - M_PI / 4)},
    {"normal", [](double u) { return normal(u, 10.0, 2.0); },
     [](double x) { return normal_cdf((x - 10.0) / 2.0); }, 10.0, 4.0},
    {"lognormal", [](double u) { return lognormal(u, 1.0, 0.5); },
     [](double x) { return normal_cdf((std::log(x) - 1.0) / 0.5); }, std::exp(1.125),
     (std::exp(0.25) - 1.0) * std::exp(2.25)},
};

std::vector<double> sample(const Law& law) {
  const core::Draw draw{.seed = Seed, .member = 0};
  std::vector<double> x;
  for (std::uint32_t i = 0; i < Draws; ++i) x.push_back(law.inverse(draw.uniform(1, i, 0)));
  return x;
}

// Not the inverse of the distribution function: a wrong law. Tolerance: the C library's own error
// and the rounding of u near 1.
TEST(Distributions, InvertTheirDistributionFunctions) {
  for (const Law& law : Laws) {
    double last = -1e300;
    for (const double u : {1e-9, 1e-4, 0.01, 0.074, 0.076, 0.249, 0.251, 0.3, 0.5, 0.7, 0.924,
                           0.926, 0.99, 0.9999, 1 - 1e-9}) {
      const double x = law.inverse(u);
      EXPECT_NEAR(law.cdf(x), u, 4e-15 + 1e-13 * std::min(u, 1 - u)) << law.name << " at " << u;
      EXPECT_GT(x, last) << law.name << " does not increase at " << u;
      last = x;
    }
  }
}

// Wrong mean: standard error sqrt(variance / Draws), |z| < 5 fails falsely once in 1.7 million.
TEST(Distributions, HaveTheirMeans) {
  for (const Law& law : Laws) {
    double sum = 0.0;
    for (const double x : sample(law)) sum += x;
    EXPECT_LT(std::abs(sum / Draws - law.mean) / std::sqrt(law.variance / Draws), 5.0)
        << law.name << ", seed " << Seed;
  }
}

// Wrong shape: Kolmogorov's statistic sqrt(Draws) D exceeds 2.69 with probability 2 exp(-2 * 2.69^2) =
// 1.0e-6 (Kolmogorov 1933). A share of 1 % moved elsewhere would give 4.5.
TEST(Distributions, HaveTheirShapes) {
  for (const Law& law : Laws) {
    std::vector<double> x = sample(law);
    std::sort(x.begin(), x.end());
    double d = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double f = law.cdf(x[i]);
      d = std::max({d, f - static_cast<double>(i) / Draws, static_cast<double>(i + 1) / Draws - f});
    }
    EXPECT_LT(std::sqrt(Draws) * d, 2.69) << law.name << ", seed " << Seed;
  }
}

// The far tails, where a spread of failures decides. Values: the normal's quantiles to 17 digits,
// found from erfc by bisection in extended precision below.
TEST(Distributions, NormalIsRightInItsTails) {
  for (const double p : {1e-300, 1e-100, 1e-20, 1e-12, 1e-11, 1e-6, 0.001, 0.0749, 0.0751, 0.4}) {
    long double low = -40.0L;
    long double high = 0.0L;
    for (int i = 0; i < 200; ++i) {
      const long double middle = (low + high) / 2;
      (std::erfc(-middle / std::sqrt(2.0L)) / 2 < static_cast<long double>(p) ? low : high) =
          middle;
    }
    const auto truth = static_cast<double>(low);
    EXPECT_NEAR(normal(p), truth, 2e-15 * std::abs(truth)) << p;
  }
  EXPECT_EQ(normal(0.5), 0.0);
  EXPECT_EQ(normal(0.25), -normal(0.75));
}

// Degenerate triangles, which files do contain.
TEST(Distributions, TriangleMayLeanToEitherEnd) {
  EXPECT_DOUBLE_EQ(triangular(0.25, 0.0, 0.0, 1.0), 1.0 - std::sqrt(0.75));
  EXPECT_DOUBLE_EQ(triangular(0.25, 0.0, 1.0, 1.0), 0.5);
  EXPECT_EQ(triangular(0.3, 2.0, 2.0, 2.0), 2.0);
}

}  // namespace
}  // namespace twin::math
