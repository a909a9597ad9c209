// If these failed, rework and sampling would be believed more or less likely, or surer, than was seen.
#include "twin/bayes/scaled_share.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <string>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"

namespace twin::bayes {
namespace {

// Wrong: the quadrature would not give the beta law. One nominal probability p, 8 of 40: m p is Beta(8.5, 33).
TEST(ScaledShare, OneKindIsABetaLaw) {
  ScaledShare seen;
  for (int i = 0; i < 40; ++i) seen.saw(i < 8, 0.25);
  const boost::math::beta_distribution<> law(8.5, 33.0);
  const auto q = seen.quantiles({0.05, 0.5, 0.95});
  EXPECT_NEAR(q[0], boost::math::quantile(law, 0.05) / 0.25, 1e-5);
  EXPECT_NEAR(q[1], boost::math::quantile(law, 0.5) / 0.25, 1e-5);
  EXPECT_NEAR(q[2], boost::math::quantile(law, 0.95) / 0.25, 1e-5);
}

// Wrong: rare outcomes would not follow the gamma law that they have in the limit: 12 in 1e7 of p = 1e-6 (expected 10).
TEST(ScaledShare, RareOutcomesAreAGammaLaw) {
  ScaledShare seen;
  for (int i = 0; i < 12; ++i) seen.saw(true, 1e-6);
  for (int i = 12; i < 10'000'000; ++i) seen.saw(false, 1e-6);
  const boost::math::gamma_distribution<> law(12.5, 0.1);
  const auto q = seen.quantiles({0.05, 0.95});
  EXPECT_NEAR(q[0], boost::math::quantile(law, 0.05), 2e-5);
  EXPECT_NEAR(q[1], boost::math::quantile(law, 0.95), 2e-5);
}

// Wrong: a multiplier that makes a probability exceed 1 would be believed. All of 200 of p = 0.8 happened: m is at
// most 1.25.
TEST(ScaledShare, NoProbabilityExceedsOne) {
  ScaledShare seen;
  for (int i = 0; i < 200; ++i) seen.saw(true, 0.8);
  const auto q = seen.quantiles({0.01, 0.99});
  EXPECT_GT(q[0], 1.2);
  EXPECT_LE(q[1], 1.25);
}

// Wrong: 90 % intervals would not hold the truth nine times in ten. 1,000 histories of 300 outcomes of two kinds, m =
// 1.3: standard error 0.0095; outcomes are whole numbers, so the coverage itself may be off by 0.02.
TEST(ScaledShare, IntervalsCover) {
  SCOPED_TRACE("seed 7");
  int held = 0;
  for (std::uint32_t h = 0; h < 1'000; ++h) {
    const core::Draw draw{7, h};
    ScaledShare seen;
    for (std::uint32_t i = 0; i < 300; ++i) {
      const double p = i % 3 == 0 ? 0.3 : 0.1;
      seen.saw(draw.uniform(1, 0, i) < 1.3 * p, p);
    }
    const auto q = seen.quantiles({0.05, 0.95});
    held += q[0] <= 1.3 && 1.3 <= q[1];
  }
  EXPECT_NEAR(held / 1'000.0, 0.9, 0.02 + 5.2 * 0.0095);
}

// Wrong: what two windows saw would not be what one would have seen.
TEST(ScaledShare, PartsMakeTheWhole) {
  ScaledShare first, second, whole;
  for (int i = 0; i < 30; ++i) {
    const double p = i % 3 == 0 ? 0.5 : 0.25;
    (i < 10 ? first : second).saw(i % 2 == 0, p);
    whole.saw(i % 2 == 0, p);
  }
  first.include(second);
  EXPECT_EQ(first, whole);
}

// Wrong: nonsense would be taken in.
TEST(ScaledShare, RefusesNonsense) {
  ScaledShare seen;
  try {
    seen.saw(true, 0.0);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_STREQ(error.what(), "nominal probability = 0.000000 (must be above 0 and at most 1)");
  }
  EXPECT_EQ(seen.count(), 0U);
}

}  // namespace
}  // namespace twin::bayes
