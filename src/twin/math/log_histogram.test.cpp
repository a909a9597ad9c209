// If these failed, the 95th percentile of a cycle time would not be one.
#include "twin/math/log_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::math {
namespace {

constexpr std::uint64_t LogHistogramSeed = 20240229;

// Bins with gaps, overlaps or a wrong width.
TEST(LogHistogram, BinsCoverTheRangeWithoutGaps) {
  const LogHistogram h(3.0, 5000.0);
  const std::size_t bins = h.counts().size();
  EXPECT_EQ(h.bin_of(0.0), 0U);
  EXPECT_EQ(h.bin_of(-0.0), 0U);
  EXPECT_EQ(h.bin_of(std::nextafter(3.0, 0.0)), 0U);
  EXPECT_EQ(h.bin_of(3.0), 1U);
  EXPECT_EQ(h.bin_of(std::nextafter(5000.0, 0.0)), bins - 2);
  EXPECT_EQ(h.bin_of(1e300), bins - 1);
  EXPECT_EQ(h.bin_of(std::numeric_limits<double>::infinity()), bins - 1);
  for (std::size_t b = 1; b + 1 < bins; ++b) {
    EXPECT_EQ(h.lower_edge(b), h.upper_edge(b - 1));
    EXPECT_EQ(h.bin_of(h.lower_edge(b)), b);
    EXPECT_EQ(h.bin_of(std::nextafter(h.upper_edge(b), 0.0)), b);
    EXPECT_LE(h.upper_edge(b) / h.lower_edge(b), 1.0 + 1.0 / 512);
  }
}

// The size that State can afford: one hour to five years in milliseconds.
TEST(LogHistogram, IsSmall) {
  const LogHistogram cycle_times(3.6e6, 1.6e11);
  EXPECT_LT(cycle_times.counts().size() * 4, 33'000U);
}

// A quantile off by more than a bin. Against the sorted sample itself, so only the bin's width and
// the neighbours' distance count.
TEST(LogHistogram, QuantilesAreThoseOfTheSampleToABin) {
  const core::Draw draw{.seed = LogHistogramSeed, .member = 0};
  LogHistogram h(0.01, 1e4);
  std::vector<double> x;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    x.push_back(lognormal(draw.uniform(0, i, 0), 3.0, 0.5));
    h.add(x.back());
  }
  std::sort(x.begin(), x.end());
  EXPECT_EQ(h.total(), x.size());
  for (const double p : {0.01, 0.1, 0.5, 0.9, 0.95, 0.99}) {
    const double exact = quantile_of_sorted(x, p);
    EXPECT_NEAR(h.quantile(p) / exact, 1.0, 2.0 / 512) << p << ", seed " << LogHistogramSeed;
    const auto below = std::lower_bound(x.begin(), x.end(), exact) - x.begin();
    const double bin = h.counts()[h.bin_of(exact)];
    EXPECT_NEAR(h.count_below(exact), static_cast<double>(below), bin) << p;
  }
  EXPECT_EQ(LogHistogram(1.0, 2.0).quantile(0.5), 0.0);
}

// A warm-up that is not taken away, or a checkpoint that loses counts.
TEST(LogHistogram, DifferencesAndSumsAreExact) {
  LogHistogram h(1.0, 100.0);
  for (int i = 1; i < 200; ++i) h.add(i);
  const LogHistogram warm_up = h;
  LogHistogram later(1.0, 100.0);
  for (int i = 50; i < 90; ++i) {
    h.add(i);
    later.add(i);
  }
  LogHistogram since = h;
  since -= warm_up;
  EXPECT_EQ(since, later);
  since += warm_up;
  EXPECT_EQ(since, h);
  EXPECT_EQ(core::load<LogHistogram>(core::save(h)), h);
}

TEST(LogHistogramDeathTest, RefusesOtherBinsAndNegativeValues) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  LogHistogram h(1.0, 100.0);
  EXPECT_DEATH(h += LogHistogram(1.0, 200.0), "other bins");
  EXPECT_DEATH(h.add(-1.0), "expected x >= 0.0");
  EXPECT_DEATH(h.add(std::numeric_limits<double>::quiet_NaN()), "expected x >= 0.0");
}

}  // namespace
}  // namespace twin::math
