// If these failed, a plan could be called safe because it had not been tried often enough.
#include "twin/uq/chance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"

namespace twin::uq {
namespace {

using contract::refusal;

// Wrong: few scenarios without a violation would prove anything. 58 of 58 do not show 5 % at 95 %, 59 do:
// 0.95^59 = 0.0485.
TEST(Chance, NoViolationIsNoProofBefore59) {
  EXPECT_EQ(chance(0, 0, 0.05).kept, Kept::Unknown);
  EXPECT_EQ(chance(0, 58, 0.05).kept, Kept::Unknown);
  EXPECT_EQ(chance(0, 59, 0.05).kept, Kept::Yes);
  EXPECT_EQ(scenarios_to_show(0.05), 59U);
  EXPECT_EQ(scenarios_to_show(0.001, 0.999), 6905U);  // ln 0.001 / ln 0.999 = 6904.3
  EXPECT_NEAR(chance(0, 59, 0.05).bounds.high, 1 - std::pow(0.05, 1.0 / 59), 1e-12);
}

// Wrong: a limit clearly broken would be "unknown", or one clearly kept.
TEST(Chance, TellsBrokenFromUnknown) {
  EXPECT_EQ(chance(30, 200, 0.05).kept, Kept::No);
  EXPECT_EQ(chance(12, 200, 0.05).kept, Kept::Unknown);
  EXPECT_EQ(chance(2, 200, 0.05).kept, Kept::Yes);
  EXPECT_DOUBLE_EQ(chance(12, 200, 0.05).share, 0.06);
  EXPECT_EQ(chance(200, 200, 1.0).kept, Kept::Yes);          // anything goes
  EXPECT_EQ(chance(0, 1'000'000, 0.0).kept, Kept::Unknown);  // never can be shown
  EXPECT_EQ(chance(1, 1'000'000, 0.0).kept, Kept::No);
}

// The promise, summed exactly over all outcomes: with a true probability just above the limit "Yes" has
// at most 5 %, just below it "No" has.
TEST(Chance, IsWrongNoMoreOftenThanItSays) {
  for (const std::uint64_t n : {20U, 100U, 400U}) {
    for (const double limit : {0.02, 0.05, 0.3}) {
      double wrong_yes = 0.0, wrong_no = 0.0;
      for (std::uint64_t k = 0; k <= n; ++k) {
        const auto a = static_cast<double>(k), b = static_cast<double>(n - k);
        const double p = std::exp(std::lgamma(a + b + 1) - std::lgamma(a + 1) - std::lgamma(b + 1) +
                                  a * std::log(limit) + b * std::log1p(-limit));
        const Kept kept = chance(k, n, limit).kept;
        if (kept == Kept::Yes) wrong_yes += p;
        if (kept == Kept::No) wrong_no += p;
      }
      EXPECT_LE(wrong_yes, 0.05 + 1e-12) << n << " " << limit;
      EXPECT_LE(wrong_no, 0.05 + 1e-12) << n << " " << limit;
    }
  }
}

// Wrong: the published number would not come out: epsilon 0.05, beta 1e-6, d 10: 953. The exact least
// number is smaller, and one fewer is not enough.
TEST(ScenariosForPlan, AreThePublished) {
  EXPECT_EQ(scenarios_for_plan(0.05, 1e-6, 10), 953U);
  const std::uint64_t least = least_scenarios_for_plan(0.05, 1e-6, 10);
  EXPECT_LT(least, 953U);
  const auto failure = [](std::uint64_t n) {  // P(Bin(n, 0.05) < 10)
    double sum = 0.0;
    for (int k = 0; k < 10; ++k) {
      const auto m = static_cast<double>(n);
      sum += std::exp(std::lgamma(m + 1) - std::lgamma(k + 1.0) - std::lgamma(m - k + 1) +
                      k * std::log(0.05) + (m - k) * std::log(0.95));
    }
    return sum;
  };
  EXPECT_LE(failure(least), 1e-6);
  EXPECT_GT(failure(least - 1), 1e-6);
  EXPECT_EQ(least_scenarios_for_plan(0.05, 0.05, 1), scenarios_to_show(0.05, 0.95));
}

// Wrong: percent would be taken for probabilities.
TEST(Chance, RefusesNonsense) {
  EXPECT_EQ(refusal([] { chance(1, 2, 5); }), "limit = 5 (must lie in 0 to 1); is it in percent?");
  EXPECT_EQ(refusal([] { chance(1, 2, 0.5, 95); }),
            "confidence = 95 (must lie between 0 and 1, both excluded); is it in percent?");
  EXPECT_EQ(refusal([] { scenarios_for_plan(0, 0.1, 1); }),
            "epsilon = 0 (must lie between 0 and 1, both excluded); is it in percent?");
}

}  // namespace
}  // namespace twin::uq
