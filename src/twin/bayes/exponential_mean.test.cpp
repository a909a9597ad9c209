// If these failed, breakdowns and repairs would be believed more or less often, or surer, than was seen.
#include "twin/bayes/exponential_mean.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"

namespace twin::bayes {
namespace {

// Wrong: the belief would not be the gamma law's. One duration of 1, nothing known before: the rate is Exp(1), so the
// mean m has P(m < x) = exp(-1 / x); after n the rate's 2 n / mean is chi-square with 2 n degrees of freedom.
TEST(ExponentialMean, AgreesWithTheClosedForm) {
  ExponentialMean one;
  one.ended(1.0);
  EXPECT_NEAR(one.quantile(0.5), 1.0 / std::log(2.0), 1e-12);
  EXPECT_NEAR(one.quantile(0.9), -1.0 / std::log(0.9), 1e-10);
  ExponentialMean ten;
  for (int i = 0; i < 10; ++i) ten.ended(3.0);
  EXPECT_NEAR(ten.quantile(0.05), 60.0 / 31.410432844230918, 1e-9);  // chi-square 20, 0.95
  EXPECT_NEAR(ten.quantile(0.95), 60.0 / 10.850811394182585, 1e-9);  // chi-square 20, 0.05
}

// Wrong: a repair under way would count as one that has ended, or not at all.
TEST(ExponentialMean, WhatIsUnderWayAddsTimeAlone) {
  ExponentialMean a, b;
  a.ended(2.0), a.ended(5.0), a.under_way(3.0);
  b.ended(6.0), b.ended(4.0);
  EXPECT_EQ(a, b);
  EXPECT_FALSE(ExponentialMean::unknown().proper());
  ExponentialMean none;
  none.under_way(9.0);
  EXPECT_FALSE(none.proper());
}

// Wrong: a prior would not stand where it was put.
TEST(ExponentialMean, APriorHasItsMean) {
  const auto prior = ExponentialMean::around(168.0, 4.0);
  EXPECT_DOUBLE_EQ(prior.exposure / (prior.shape - 1.0), 168.0);
  EXPECT_LT(prior.quantile(0.05), 168.0);
  EXPECT_GT(prior.quantile(0.95), 168.0);
}

// Wrong: 90 % intervals would not hold the truth nine times in ten. 2,000 histories of a tool watched for 30 days that
// fails every 6 (the last up-time is cut off): with Jeffreys' prior and a fixed time of watching the coverage is not
// exact, but within 0.02; its standard error is 0.0067, so 0.9 +- (0.02 + 5.2 * 0.0067).
TEST(ExponentialMean, IntervalsCoverWithCensoring) {
  SCOPED_TRACE("seed 11");
  int held = 0;
  constexpr int Histories = 2'000;
  for (std::uint32_t h = 0; h < Histories; ++h) {
    const core::Draw draw{11, h};
    ExponentialMean belief = ExponentialMean::unknown();
    double at = 0.0;
    for (std::uint32_t k = 0;; ++k) {
      const double up = -6.0 * math::log(draw.uniform(1, 0, k));
      if (at + up > 30.0) {
        belief.under_way(30.0 - at);
        break;
      }
      belief.ended(up);
      at += up;
    }
    if (!belief.proper()) {
      ++held;  // nothing ended: the belief claims nothing
      continue;
    }
    held += belief.quantile(0.05) <= 6.0 && 6.0 <= belief.quantile(0.95);
  }
  EXPECT_NEAR(held / double{Histories}, 0.9, 0.02 + 5.2 * 0.0067);
}

// Wrong: nonsense would be taken in.
TEST(ExponentialMean, RefusesNonsense) {
  const auto message = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  };
  ExponentialMean belief;
  EXPECT_EQ(message([&] { belief.ended(-1.0); }),
            "duration = -1.000000 (must be finite and not negative)");
  EXPECT_EQ(message([&] { belief.under_way(std::nan("")); }),
            "duration = nan (must be finite and not negative)");
  EXPECT_EQ(message([] { ExponentialMean::around(0.0, 1.0); }),
            "mean = 0.000000 (must be finite and above 0)");
  EXPECT_EQ(message([] { ExponentialMean::around(1.0, -2.0); }),
            "weight = -2.000000 (must be finite and above 0)");
  EXPECT_EQ(belief, ExponentialMean{});
}

}  // namespace
}  // namespace twin::bayes
