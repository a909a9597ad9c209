// If these failed, samples would be of another law than the one that was asked for.
#include "twin/infer/sample/metropolis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/infer/sample/example.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

using Starts = std::vector<std::vector<double>>;

// Within 4 of the chains' own standard errors: of some 20 figures one in a thousand tries meets one beyond.
void expect_mean(const Chains& chains, double (*of)(std::span<const double>), double truth,
                 const char* what) {
  const Diagnostics d = diagnose(chains.of(of));
  EXPECT_NEAR(d.mean, truth, 4 * d.mean_error) << what << ", bulk ESS " << d.bulk_ess;
  EXPECT_GT(d.bulk_ess, 400.0) << what;
  EXPECT_LT(d.split_r_hat, 1.03) << what;
}

MetropolisOptions four_chains(bool second_try) {
  return {.starts = Starts{{-2, 0}, {2, 0}, {0, 1}, {1, 2}},
          .warmup = 4'000,
          .draws = 10'000,
          .thin = 4,
          .second_try = second_try,
          .seed = 17};
}

TEST(Metropolis, KnowsTheAnalyticDensities) {
  for (const bool second_try : {false, true}) {
    const auto o = four_chains(second_try);
    const Chains banana = metropolis(example::banana(), o);
    expect_mean(
        banana, [](auto x) { return x[0]; }, 0.0, "banana x1");
    expect_mean(
        banana, [](auto x) { return x[1]; }, 0.4, "banana x2");
    expect_mean(
        banana, [](auto x) { return x[0] * x[0]; }, 4.0, "banana x1^2");
    expect_mean(
        banana, [](auto x) { return (x[1] - 0.4) * (x[1] - 0.4); }, 1.53, "banana x2^2");
    expect_mean(
        banana, [](auto x) { return x[0] * x[1]; }, 0.5, "banana x1 x2");
    const Chains donut = metropolis(example::donut(), o);
    expect_mean(
        donut, [](auto x) { return std::sqrt(x[0] * x[0] + x[1] * x[1]); }, 2.60634615,
        "donut |x|");
    expect_mean(
        donut, [](auto x) { return x[0] * x[0] + x[1] * x[1]; }, 6.8095, "donut |x|^2");
    const Chains mixture = metropolis(example::mixture(), o);
    expect_mean(
        mixture, [](auto x) { return x[0]; }, -2.0 / 3, "mixture x1");
    expect_mean(
        mixture, [](auto x) { return x[1]; }, 2.0 / 3, "mixture x2");
    expect_mean(
        mixture, [](auto x) { return (x[0] + 2.0 / 3) * (x[0] + 2.0 / 3); }, 3.08889,
        "mixture Var x1");
    expect_mean(
        mixture, [](auto x) { return (x[0] + 2.0 / 3) * (x[1] - 2.0 / 3); }, 0.61111,
        "mixture Cov");
    EXPECT_EQ(banana.failed, 0U);
  }
}

TEST(Metropolis, LearnsWhichWayIsLong) {
  // A bell a thousand times as long as it is wide, not along the axes: unlearnt moves would take a million draws.
  const Target long_bell = target_of(2, [](std::span<const double> x) {
    const double a = (x[0] + x[1]) / std::sqrt(2.0), b = (x[0] - x[1]) / std::sqrt(2.0);
    return -0.5 * (a * a / 1e4 + b * b / 1e-2);
  });
  const Chains c = metropolis(long_bell, four_chains(false));
  expect_mean(
      c, [](auto x) { return (x[0] + x[1]) * (x[0] + x[1]) / 2; }, 1e4, "along");
  expect_mean(
      c, [](auto x) { return (x[0] - x[1]) * (x[0] - x[1]) / 2; }, 1e-2, "across");
  for (const double share : c.accepted) EXPECT_NEAR(share, 0.3, 0.15);
}

TEST(Pcn, DoesNotMindDimensions) {
  // 200 of them; a likelihood of the first alone, y = 1.5 with variance 0.25: N(1.2, 0.2), all others as before.
  constexpr std::size_t D = 200;
  const Target t =
      target_of(D, [](std::span<const double> x) { return -2 * (x[0] - 1.5) * (x[0] - 1.5); });
  const Chains c = preconditioned_crank_nicolson(
      t, {.starts = Starts(4, std::vector<double>(D, 0.5)), .draws = 5'000, .thin = 8, .seed = 3});
  expect_mean(
      c, [](auto x) { return x[0]; }, 1.2, "seen");
  expect_mean(
      c, [](auto x) { return (x[0] - 1.2) * (x[0] - 1.2); }, 0.2, "variance of what is seen");
  expect_mean(
      c, [](auto x) { return x[199] * x[199]; }, 1.0, "not seen");
}

TEST(Metropolis, SecondTriesKeepTheLaw) {
  // Nothing learnt, moves three times too long, so that most of what is accepted is a second try. A standard normal's
  // square and an exponential's mean, each of 400,000 draws.
  MetropolisOptions o = {.starts = Starts(4, {0.5}),
                         .step = {6.0},
                         .draws = 100'000,
                         .learn = false,
                         .second_try = true,
                         .seed = 12};
  const Chains normal = metropolis(target_of(1, [](auto x) { return -0.5 * x[0] * x[0]; }), o);
  expect_mean(
      normal, [](auto x) { return x[0] * x[0]; }, 1.0, "normal");
  const Chains exponential = metropolis(
      target_of(1,
                [](auto x) { return x[0] > 0 ? -x[0] : -std::numeric_limits<double>::infinity(); }),
      o);
  expect_mean(
      exponential, [](auto x) { return x[0]; }, 1.0, "exponential");
}

TEST(Metropolis, ASurrogateSavesRunsAndChangesNothing) {
  // A bell that is half as wide again and beside the banana: what it refuses is never asked of the banana.
  MetropolisOptions o = four_chains(false);
  o.surrogate = target_of(2, [](std::span<const double> x) {
    return -0.5 * (x[0] * x[0] / 9 + (x[1] - 1) * (x[1] - 1) / 3);
  });
  const Chains c = metropolis(example::banana(), o);
  expect_mean(
      c, [](auto x) { return x[0]; }, 0.0, "banana x1");
  expect_mean(
      c, [](auto x) { return x[1]; }, 0.4, "banana x2");
  expect_mean(
      c, [](auto x) { return x[0] * x[0]; }, 4.0, "banana x1^2");
  expect_mean(
      c, [](auto x) { return (x[1] - 0.4) * (x[1] - 0.4); }, 1.53, "banana x2^2");
  EXPECT_LT(static_cast<double>(c.evaluations), 0.8 * 4 * 44'000);
  o.surrogate.dimensions = 3;
  EXPECT_EQ(contract::refusal([&] { (void)metropolis(example::banana(), o); }),
            "metropolis: a surrogate of 3 dimensions for 2");
}

TEST(Metropolis, RunsThatFailAreRefusedAndCounted) {
  const Target t = target_of(1, [](std::span<const double> x) {
    return x[0] > 1.0 ? std::numeric_limits<double>::quiet_NaN() : -0.5 * x[0] * x[0];
  });
  const Chains c = metropolis(t, {.starts = {{0.0}, {0.5}}, .draws = 2'000, .seed = 4});
  EXPECT_GT(c.failed, 0U);
  for (const auto& chain : c.x)
    for (const double v : chain) EXPECT_LE(v, 1.0);
}

TEST(Metropolis, IsAFunctionOfItsSeed) {
  const auto o = four_chains(true);
  EXPECT_EQ(metropolis(example::banana(), o).x, metropolis(example::banana(), o).x);
}

TEST(Metropolis, SaysWhatCannotBe) {
  EXPECT_EQ(contract::refusal([] {
              (void)metropolis(example::banana(), {.starts = {{0, 0}}, .step = {1, 0}});
            }),
            "metropolis: 2 steps above 0 are wanted, and at least one move a draw");
  EXPECT_EQ(
      contract::refusal([] {
        (void)preconditioned_crank_nicolson(example::banana(), {.starts = {{0, 0}}, .share = 1.5});
      }),
      "pcn: a share of 1.5 (above 0, at most 1), 1 moves a draw");
}

}  // namespace
}  // namespace twin::infer
