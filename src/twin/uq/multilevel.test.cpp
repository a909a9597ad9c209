// If these failed, a mean would be told with an error that it does not keep.
#include "twin/uq/multilevel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::uq {
namespace {

// A European call under geometric Brownian motion by Euler steps, 2^level of them: S = K = 100, r = 0.05, sigma =
// 0.2, one year. Black and Scholes (1973): 10.4505835722.
constexpr double BlackScholes = 10.4505835722;
MultilevelModel call() {
  return {
      .inputs = [](std::size_t level) { return std::size_t{1} << level; },
      .cost =
          [](std::size_t level) {
            return level == 0 ? 1.0 : 1.5 * std::exp2(static_cast<double>(level));
          },
      .run =
          [](std::size_t level, const Points& u, std::span<double> fine, std::span<double> coarse) {
            const std::size_t steps = std::size_t{1} << level;
            const double h = 1.0 / static_cast<double>(steps), root = std::sqrt(h);
            for (std::size_t k = 0; k < u.count; ++k) {
              double s = 100, t = 100, pair = 0.0;
              for (std::size_t i = 0; i < steps; ++i) {
                const double z = math::normal(u.at(i, k));
                s += 0.05 * s * h + 0.2 * s * root * z;
                pair += root * z;
                if (i % 2 == 1) {
                  t += 0.05 * t * 2 * h + 0.2 * t * pair;
                  pair = 0.0;
                }
              }
              fine[k] = std::exp(-0.05) * std::max(0.0, s - 100);
              if (level > 0) coarse[k] = std::exp(-0.05) * std::max(0.0, t - 100);
            }
          }};
}

TEST(Multilevel, KeepsItsTolerance) {
  // 30 studies: the root mean square of what they are off is at most the tolerance, but for chance: chi-squared
  // with 30 degrees of freedom exceeds 2.24 times its mean once in 10^4.
  double squares = 0.0;
  math::Moments means;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const MultilevelMean m = multilevel_mean(call(), {.tolerance = 0.1, .seed = seed});
    EXPECT_TRUE(m.converged);
    EXPECT_LE(m.standard_error, 0.1 / std::sqrt(2.0) * 1.05);
    squares += (m.mean - BlackScholes) * (m.mean - BlackScholes) / 30;
    means.add(m.mean);
    // Variances of differences fall with the step, as Euler's do: most runs are coarse.
    EXPECT_GT(m.levels[0].runs, 5 * m.levels.back().runs);
  }
  EXPECT_LT(squares, 2.24 * 0.1 * 0.1);
  EXPECT_GT(means.deviation(), 0.02);  // it does not do far more than it was asked
}

TEST(Multilevel, IsTheSameForAnyNumberOfThreads) {
  const MultilevelMean one = multilevel_mean(call(), {.tolerance = 0.3}),
                       three = multilevel_mean(call(), {.tolerance = 0.3, .threads = 3});
  EXPECT_EQ(one.mean, three.mean);
  EXPECT_EQ(one.standard_error, three.standard_error);
}

TEST(Multilevel, SaysWhereItDidNotArrive) {
  MultilevelModel slow = call();
  slow.run = [](std::size_t level, const Points& u, std::span<double> fine,
                std::span<double> coarse) {
    for (std::size_t k = 0; k < u.count; ++k) {  // as log(level): no rate helps
      fine[k] = std::log(2.0 + static_cast<double>(level)) + 0.01 * u.at(0, k);
      coarse[k] = std::log(1.0 + static_cast<double>(level)) + 0.01 * u.at(0, k);
    }
  };
  const MultilevelMean m = multilevel_mean(slow, {.tolerance = 0.01, .levels = 6});
  EXPECT_FALSE(m.converged);
  EXPECT_EQ(m.levels.size(), 6U);
}

TEST(Multilevel, RefusesWhatCannotBe) {
  const auto why = [](const MultilevelModel& m, const MultilevelOptions& o) {
    return contract::refusal([&] { (void)multilevel_mean(m, o); });
  };
  EXPECT_EQ(why(call(), {.tolerance = 0}), "a tolerance of 0 (above 0)");
  EXPECT_EQ(why(call(), {.levels = 2}), "1000 first runs (at least 2), 2 levels (at least 3)");
  MultilevelModel fails = call();
  fails.run = [](std::size_t, const Points&, std::span<double> fine, std::span<double>) {
    for (double& v : fine) v = std::numeric_limits<double>::quiet_NaN();
  };
  EXPECT_EQ(why(fails, {}), "level 0 has 0 runs with a value of 1000 (at least 2)");
}

}  // namespace
}  // namespace twin::uq
