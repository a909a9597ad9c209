// If these failed, the intervals beside our numbers would promise what they do not keep.
#include "twin/math/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::math {
namespace {

constexpr std::uint64_t StatisticsSeed = 20240229;

Moments moments_of(std::span<const double> x) {
  Moments m;
  for (const double v : x) m.add(v);
  return m;
}

// The textbook formula loses all digits here; Welford's does not.
TEST(Moments, AreRightFarFromZero) {
  const Moments m = moments_of(std::array{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_EQ(m.count(), 4U);
  EXPECT_DOUBLE_EQ(m.mean(), 1e9 + 10);
  EXPECT_DOUBLE_EQ(m.variance(), 30.0);
  EXPECT_DOUBLE_EQ(m.deviation(), std::sqrt(30.0));
  EXPECT_EQ(Moments().variance(), 0.0);
  EXPECT_EQ(moments_of(std::array{3.0}).variance(), 0.0);
}

// Parts put together that do not make the whole: replications on several ranks.
TEST(Moments, MergeIntoTheWhole) {
  const core::Draw draw{.seed = StatisticsSeed, .member = 0};
  std::vector<double> x;
  for (std::uint32_t i = 0; i < 1000; ++i) x.push_back(draw.uniform(0, i, 0));
  const std::span<const double> all(x);
  const Moments whole = moments_of(all);
  for (const std::size_t cut : {0U, 1U, 300U, 1000U}) {
    Moments m = moments_of(all.first(cut));
    m.merge(moments_of(all.subspan(cut)));
    EXPECT_EQ(m.count(), whole.count());
    EXPECT_NEAR(m.mean(), whole.mean(), 1e-14);  // 1000 roundings of 2^-53
    EXPECT_NEAR(m.variance(), whole.variance(), 1e-14);
  }
  EXPECT_EQ(core::load<Moments>(core::save(whole)), whole);
}

// Published table values (any statistics textbook), here to more digits.
TEST(StudentT, HasThePublishedQuantiles) {
  EXPECT_NEAR(student_t_quantile(0.975, 1), 12.706204736, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.975, 19), 2.0930240544, 1e-9);
  EXPECT_NEAR(student_t_quantile(0.95, 10), 1.8124611228, 1e-9);
  EXPECT_NEAR(student_t_quantile(0.025, 19), -2.0930240544, 1e-9);
}

// By hand: 2, 4, 6 has mean 4 and deviation 2; t(0.975, 2) = 4.3026527; half 4.3026527 * 2 / sqrt
// 3.
TEST(Interval, IsStudents) {
  const Interval i = interval_of(std::array{2.0, 4.0, 6.0});
  EXPECT_DOUBLE_EQ(i.mean, 4.0);
  EXPECT_NEAR(i.half_width, 4.968275, 1e-6);
  EXPECT_DOUBLE_EQ(i.low() + i.high(), 8.0);
  EXPECT_EQ(interval_of(std::array{2.0}).half_width, std::numeric_limits<double>::infinity());
  EXPECT_LT(interval_of(std::array{2.0, 4.0, 6.0}, 0.8).half_width, i.half_width);
}

// An interval that covers too rarely or too often: 4000 intervals from 5 normals each cover with
// probability 0.95 exactly; standard error 0.0034, |z| < 5. With the normal's 1.96 in place of
// Student's 2.78 coverage would be 0.878 (z = -21).
TEST(Interval, CoversAsOftenAsItSays) {
  constexpr int Trials = 4000;
  const core::Draw draw{.seed = StatisticsSeed, .member = 1};
  int covered = 0;
  for (std::uint32_t t = 0; t < Trials; ++t) {
    Moments m;
    for (std::uint32_t i = 0; i < 5; ++i) m.add(normal(draw.uniform(1, t, i), 7.0, 3.0));
    const Interval interval = interval_of(m);
    if (interval.low() <= 7.0 && 7.0 <= interval.high()) ++covered;
  }
  const double z = (covered / double{Trials} - 0.95) / std::sqrt(0.95 * 0.05 / Trials);
  EXPECT_LT(std::abs(z), 5.0) << covered << " of " << Trials << ", seed " << StatisticsSeed;
}

// Pairs treated as two samples would lose what common random numbers gained.
TEST(Interval, OfPairsIsThatOfTheDifferences) {
  const std::array a = {10.0, 20.0, 30.0};
  const std::array b = {9.0, 18.0, 27.0};
  const Interval i = paired_interval(a, b);
  EXPECT_EQ(i, interval_of(std::array{1.0, 2.0, 3.0}));
}

// x(t) = phi x(t-1) + noise: variance of the mean of n is sigma^2 / (n (1 - phi)^2).
std::vector<double> autoregressive(double phi, std::uint32_t n, std::uint32_t who) {
  const core::Draw draw{.seed = StatisticsSeed, .member = 2};
  std::vector<double> x;
  double at = 0.0;
  for (std::uint32_t i = 0; i < n; ++i) {
    at = phi * at + normal(draw.uniform(who, i, 0));
    x.push_back(at);
  }
  return x;
}

// Batches too short for the correlation: the interval would be far too narrow, and must say so. The
// lag of independent means has deviation 0.21 here; that of these short batches is 0.9 or more.
TEST(BatchMeans, KnowWhetherTheyAreLongEnough) {
  const auto slow = autoregressive(0.99, 400, 1);
  const BatchMeans bad = batch_means(slow);
  EXPECT_FALSE(bad.long_enough()) << bad.lag1 << ", seed " << StatisticsSeed;
  const auto fast = autoregressive(0.5, 20'000, 2);
  const BatchMeans good = batch_means(fast);
  EXPECT_EQ(good.batch_size, 1000U);
  EXPECT_LT(std::abs(good.lag1), 5 * std::sqrt(18.0 / 399)) << "seed " << StatisticsSeed;
  EXPECT_NEAR(good.lag1_critical, 1.645 * std::sqrt(18.0 / 399), 1e-3);
  EXPECT_FALSE(batch_means(std::array{1.0, 2.0}).long_enough());
}

// Coverage with correlated values: 0.95 within five standard errors of 500 trials (0.0097); taken
// as independent, the values would cover in 0.74 of all trials (1.96 / sqrt 3 deviations; z = -21).
TEST(BatchMeans, CoverTheMeanOfACorrelatedRun) {
  constexpr int Trials = 500;
  int covered = 0;
  for (std::uint32_t t = 0; t < Trials; ++t) {
    const Interval i = batch_means(autoregressive(0.5, 4000, 100 + t)).interval;
    if (i.low() <= 0.0 && 0.0 <= i.high()) ++covered;
  }
  const double z = (covered / double{Trials} - 0.95) / std::sqrt(0.95 * 0.05 / Trials);
  EXPECT_LT(std::abs(z), 5.0) << covered << " of " << Trials << ", seed " << StatisticsSeed;
}

// A part of the run would not count, or count twice. Five values in two batches: (100 + 1) / 2 and
// (2 + 3 + 4) / 3.
TEST(BatchMeans, HoldEveryValueOnce) {
  const BatchMeans b = batch_means(std::array{100.0, 1.0, 2.0, 3.0, 4.0}, 2);
  EXPECT_EQ(b.means, (std::vector{50.5, 3.0}));
  EXPECT_DOUBLE_EQ(b.interval.mean, 26.75);
  EXPECT_EQ(b.batch_size, 2U);
}

// A day of one lot would weigh as much as a day of a hundred, or a day without lots as one of none.
// Batches of two days: (3 + 9) / (1 + 3) and 5 / 1; the two days without lots have no mean.
TEST(BatchMeans, OfSumsWeighByTheirCounts) {
  const std::array sums = {3.0, 9.0, 0.0, 0.0, 0.0, 5.0}, counts = {1.0, 3.0, 0.0, 0.0, 0.0, 1.0};
  const BatchMeans b = batch_means_of_sums(sums, counts, 3);
  EXPECT_EQ(b.means, (std::vector{3.0, 5.0}));
  EXPECT_EQ(b.interval.count, 2U);
  EXPECT_DOUBLE_EQ(b.interval.mean, 4.0);
  const BatchMeans none = batch_means_of_sums(sums, std::array<double, 6>{}, 3);
  EXPECT_EQ(none.interval.count, 0U);
  EXPECT_FALSE(none.long_enough());
}

// Type 7 by hand; another type would shift every quantile of a small sample.
TEST(Quantile, IsTypeSeven) {
  const std::array x = {1.0, 2.0, 4.0, 8.0};
  EXPECT_EQ(quantile_of_sorted(x, 0.0), 1.0);
  EXPECT_EQ(quantile_of_sorted(x, 0.5), 3.0);
  EXPECT_DOUBLE_EQ(quantile_of_sorted(x, 0.9), 4.0 + 0.7 * 4.0);
  EXPECT_EQ(quantile_of_sorted(x, 1.0), 8.0);
  EXPECT_EQ(quantile_of_sorted(std::array{5.0}, 0.3), 5.0);
}

// A promise that nine in ten hold, made from a dozen runs, would be kept by three in four.
TEST(PredictionRange, HoldsTheNextValueAsOftenAsItSays) {
  constexpr std::uint64_t Repeats = 40'000;
  const core::Draw draw{StatisticsSeed, 3};
  for (const std::size_t n :
       {std::size_t{3}, std::size_t{12}, std::size_t{19}, std::size_t{20}, std::size_t{60}}) {
    for (const bool skewed : {false, true}) {
      if (skewed && n < 19) continue;  // normal values are assumed there
      std::uint64_t held = 0;
      for (std::uint64_t r = 0; r < Repeats; ++r) {
        std::vector<double> x;
        for (std::uint64_t i = 0; i <= n; ++i) {
          const auto at = static_cast<std::uint32_t>((r * (n + 1)) + i);
          const double u = draw.uniform(static_cast<std::uint32_t>(n), at, skewed ? 1 : 0);
          x.push_back(skewed ? exponential(u, 1.0) : normal(u));
        }
        const double next = x.back();
        x.pop_back();
        std::sort(x.begin(), x.end());
        const Range range = prediction_range(x, 0.9);
        held += range.low <= next && next <= range.high ? 1U : 0U;
      }
      // Four deviations of so many tosses. Between order statistics (n = 12: none; 20 and 60: a twentieth, 0.05 of a
      // place) linear interpolation is off by less than 0.002; below 19 all of the sample is held too, which adds.
      const double share = static_cast<double>(held) / Repeats;
      EXPECT_GT(share, 0.9 - 0.002 - 4.0 * 0.0015)
          << n << ' ' << skewed << " seed " << StatisticsSeed;
      EXPECT_LT(share, 0.9 + 0.002 + (n < 19 ? 0.02 : 0.0) + 4.0 * 0.0015) << n << ' ' << skewed;
    }
  }
}

TEST(PredictionRange, IsOfOrderStatistics) {
  std::vector<double> x;
  for (int i = 1; i <= 19; ++i) x.push_back(i * i);
  EXPECT_EQ(prediction_range(x, 0.9), (Range{1.0, 361.0}));
  EXPECT_EQ(prediction_range(x, 0.8), (Range{4.0, 324.0}));
  EXPECT_EQ(prediction_range(x, 0.5), (Range{25.0, 225.0}));
  EXPECT_NEAR(prediction_range(x, 0.85).low, 1.0 + 0.5 * 3.0, 1e-9);
  EXPECT_NEAR(prediction_range(x, 0.85).high, 361.0 - 0.5 * 37.0, 1e-9);
  // Two values 0 and 2: 1 -+ 6.3138 * sqrt(2) * sqrt(1.5), t of one degree of freedom at 0.95.
  const Range two = prediction_range(std::array{0.0, 2.0}, 0.9);
  EXPECT_NEAR(two.low, 1.0 - 6.313751514675 * std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(two.high, 1.0 + 6.313751514675 * std::sqrt(3.0), 1e-9);
  EXPECT_EQ(prediction_range(std::array{0.0, 0.0, 0.0}, 0.9), (Range{0.0, 0.0}));
  EXPECT_EQ(prediction_range(std::array{1.0}, 0.9).high, std::numeric_limits<double>::infinity());
  EXPECT_EQ(prediction_range({}, 0.9).low, -std::numeric_limits<double>::infinity());
}

// The sign test's tables: of 20 values the 6th least and greatest (95.86 %; the 7th 88.5 %), of 10 the 2nd (97.9 %), of
// 6 the ends (96.9 %), of 5 none (93.75 %).
TEST(MedianRange, IsTheSignTests) {
  std::vector<double> x;
  for (int i = 1; i <= 20; ++i) x.push_back(i);
  const std::span<const double> all(x);
  EXPECT_EQ(median_range(all), (Range{6.0, 15.0}));
  EXPECT_EQ(median_range(all, 0.96), (Range{5.0, 16.0}));
  EXPECT_EQ(median_range(all.first(10)), (Range{2.0, 9.0}));
  EXPECT_EQ(median_range(all.first(6)), (Range{1.0, 6.0}));
  EXPECT_EQ(median_range(all.first(5)).high, std::numeric_limits<double>::infinity());
  EXPECT_EQ(median_range(all.first(5), 0.93), (Range{1.0, 5.0}));
  EXPECT_EQ(median_range({}).low, -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace twin::math
