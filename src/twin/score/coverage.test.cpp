// If these failed, intervals could promise more than they keep, and nobody would know how sure that
// is.
#include "twin/score/coverage.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"

namespace twin::score {
namespace {

using contract::refusal;

// Table I of R. G. Newcombe, Statistics in Medicine 17, 1998, method 5.
TEST(ClopperPearson, HasThePublishedBounds) {
  const auto check = [](std::uint64_t k, std::uint64_t n, double low, double high) {
    const Bounds b = clopper_pearson(k, n);
    EXPECT_NEAR(b.low, low, 5e-5) << k << " of " << n;
    EXPECT_NEAR(b.high, high, 5e-5) << k << " of " << n;
  };
  check(81, 263, 0.2527, 0.3676);
  check(15, 148, 0.0578, 0.1617);
  check(0, 20, 0.0000, 0.1684);
  check(1, 29, 0.0009, 0.1776);
}

// None or all: closed forms. Failures are successes of the opposite. No trials say nothing.
TEST(ClopperPearson, HasTheClosedForms) {
  for (const std::uint64_t n : {1U, 10U, 1000U}) {
    const double edge = std::pow(0.05, 1.0 / static_cast<double>(n));
    EXPECT_EQ(clopper_pearson(0, n, 0.9).low, 0.0);
    EXPECT_NEAR(clopper_pearson(0, n, 0.9).high, 1 - edge, 1e-13);
    EXPECT_NEAR(clopper_pearson(n, n, 0.9).low, edge, 1e-13);
    EXPECT_EQ(clopper_pearson(n, n, 0.9).high, 1.0);
  }
  EXPECT_NEAR(clopper_pearson(3, 10).low, 1 - clopper_pearson(7, 10).high, 1e-14);
  EXPECT_EQ(clopper_pearson(0, 0).low, 0.0);
  EXPECT_EQ(clopper_pearson(0, 0).high, 1.0);
}

// The promise itself, summed exactly over all outcomes: never below the confidence, whatever the
// true probability is.
TEST(ClopperPearson, KeepsItsPromise) {
  for (const std::uint64_t n : {1U, 5U, 30U}) {
    std::vector<Bounds> bounds;
    for (std::uint64_t k = 0; k <= n; ++k) bounds.push_back(clopper_pearson(k, n, 0.9));
    for (double p = 0.001; p < 1.0; p += 0.001) {
      double held = 0.0;
      for (std::uint64_t k = 0; k <= n; ++k) {
        if (p < bounds[k].low || p > bounds[k].high) continue;
        const auto a = static_cast<double>(k), b = static_cast<double>(n - k);
        held += std::exp(std::lgamma(a + b + 1) - std::lgamma(a + 1) - std::lgamma(b + 1) +
                         a * std::log(p) + b * std::log1p(-p));
      }
      EXPECT_GE(held, 0.9 - 1e-12) << n << " " << p;
    }
  }
}

// Ends belong to the interval; misses are told apart, since a bias misses on one side.
TEST(Coverage, CountsWhereItWas) {
  Coverage c;
  EXPECT_FALSE(c.share());
  const double infinity = std::numeric_limits<double>::infinity();
  c.add(1.0, 2.0, 1.0);
  c.add(1.0, 2.0, 2.0);
  c.add(1.0, 2.0, 0.9);
  c.add(1.0, infinity, 5.0);
  c.add(-infinity, 2.0, 2.1);
  EXPECT_EQ(c.inside(), 3U);
  EXPECT_EQ(c.below(), 1U);
  EXPECT_EQ(c.above(), 1U);
  EXPECT_DOUBLE_EQ(*c.share(), 0.6);
  EXPECT_EQ(c.bounds().low, clopper_pearson(3, 5).low);
  EXPECT_EQ(core::load<Coverage>(core::save(c)), c);
  c.merge(c);
  EXPECT_EQ(c.total(), 10U);
}

// An interval with swapped ends holds nothing and would look like a bad forecast.
TEST(Coverage, RefusesWhatIsNoInterval) {
  Coverage c;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] { c.add(2, 1, 0); }),
            "interval 2 to 1 (low must not be above high, nor either missing); are the ends "
            "swapped?");
  EXPECT_EQ(refusal([&] { c.add(nan, 1, 0); }),
            "interval nan to 1 (low must not be above high, nor either missing); are the ends "
            "swapped?");
  EXPECT_EQ(refusal([&] { c.add(0, 1, nan); }),
            "observation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { clopper_pearson(1, 2, 95); }),
            "confidence = 95 (must lie between 0 and 1, both excluded); is it in percent?");
  EXPECT_EQ(c.total(), 0U);
}

}  // namespace
}  // namespace twin::score
