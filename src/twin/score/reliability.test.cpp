// If these failed, the diagram would call reliable forecasts wrong, or wrong ones reliable.
#include "twin/score/reliability.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t ReliabilitySeed = 20290105;

std::vector<YesNo> said(double p, int count) {
  return std::vector<YesNo>(static_cast<std::size_t>(count), YesNo{p, false});
}

// By hand, 10 forecasts of 0.5: P(K <= 1) = 11/1024 = 0.0107 and P(K <= 2) = 56/1024 = 0.0547, so
// the 95 % bar is 2/10 to 8/10.
TEST(Reliability, BarsAreTheBinomials) {
  const auto points = reliability_diagram(said(0.5, 10), 2, 0.95);
  EXPECT_EQ(points[0].bin.count, 0U);
  EXPECT_TRUE(points[0].consistent());
  EXPECT_EQ(points[0].bar_high, 1.0);
  EXPECT_DOUBLE_EQ(points[1].bar_low, 0.2);
  EXPECT_DOUBLE_EQ(points[1].bar_high, 0.8);
  EXPECT_FALSE(points[1].consistent());  // none of them happened
}

// Both tails hold at most half of what the level leaves, and one value more on either side would
// hold more: against sums of the binomial's own terms.
TEST(Reliability, BarsAreAsNarrowAsTheyMayBe) {
  for (const int n : {1, 7, 40, 300}) {
    for (const double p : {0.0, 0.004, 0.3, 0.97, 1.0}) {
      std::vector<double> terms;
      for (int k = 0; k <= n; ++k) {
        const double choices =
            std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
        terms.push_back(std::exp(choices) * std::pow(p, k) * std::pow(1 - p, n - k));
      }
      const auto point = reliability_diagram(said(p, n), 1, 0.9).front();
      const auto low = std::lround(point.bar_low * n), high = std::lround(point.bar_high * n);
      double below = 0.0, above = 0.0;
      for (long k = 0; k < low; ++k) below += terms[static_cast<std::size_t>(k)];
      for (long k = high + 1; k <= n; ++k) above += terms[static_cast<std::size_t>(k)];
      EXPECT_LE(below, 0.05 + 1e-12) << n << " " << p;
      EXPECT_LE(above, 0.05 + 1e-12) << n << " " << p;
      EXPECT_GT(below + terms[static_cast<std::size_t>(low)], 0.05 - 1e-12) << n << " " << p;
      EXPECT_GT(above + terms[static_cast<std::size_t>(high)], 0.05 - 1e-12) << n << " " << p;
    }
  }
}

// Reliable forecasts are inside the bars in at least 99 % of the bins: of 2000 bins at most
// 20 + 5 sqrt(20) = 43 are outside. Forecasts of p that happen with p^2 are found: for 200
// forecasts near 0.55 the shift is 0.25, 7 standard errors.
TEST(Reliability, TellsReliableFromOverconfident) {
  const core::Draw draw{.seed = ReliabilitySeed, .member = 0};
  int outside = 0, found = 0;
  for (std::uint32_t t = 0; t < 200; ++t) {
    std::vector<YesNo> honest, bold;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      const double p = draw.uniform(0, t, i);
      const double u = draw.uniform(1, t, i);
      honest.push_back({p, u < p});
      bold.push_back({p, u < p * p});
    }
    for (const auto& point : reliability_diagram(honest, 10, 0.99))
      outside += point.consistent() ? 0 : 1;
    found += reliability_diagram(bold, 10, 0.99)[5].consistent() ? 0 : 1;
  }
  EXPECT_LE(outside, 43) << "seed " << ReliabilitySeed;
  EXPECT_EQ(found, 200) << "seed " << ReliabilitySeed;
}

// 95 for 0.95 would make every forecast look reliable.
TEST(Reliability, RefusesALevelInPercent) {
  EXPECT_EQ(refusal([] { reliability_diagram(said(0.5, 1), 10, 95); }),
            "level = 95 (must lie between 0 and 1, both excluded); is it in percent?");
  EXPECT_EQ(refusal([] { reliability_diagram({}); }),
            "no forecasts (needs at least one); was everything filtered out?");
}

}  // namespace
}  // namespace twin::score
