// If these failed, cheap models would make an estimate worse, or wrong with an interval that says it is right.
#include "twin/uq/multi_fidelity.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::uq {
namespace {

// x^5, x^4, ..., x of a uniform x, each ten times as cheap as the one before (the example of PyApprox).
constexpr std::array<double, 5> Costs = {1, 0.1, 0.01, 0.001, 0.0001};
double mean_of(int k) { return 1.0 / (6 - k); }
double variance_of(int k) { return 1.0 / (2 * (5 - k) + 1) - mean_of(k) * mean_of(k); }
std::vector<Fidelity> polynomials() {
  std::vector<Fidelity> all;
  for (int k = 0; k < 5; ++k) {
    const double together = 1.0 / (5 + 5 - k + 1) - mean_of(0) * mean_of(k);
    all.push_back({Costs[static_cast<std::size_t>(k)], std::sqrt(variance_of(k)),
                   k == 0 ? 1.0 : together / std::sqrt(variance_of(0) * variance_of(k))});
  }
  return all;
}
std::vector<AnyFunction> functions() {
  std::vector<AnyFunction> all;
  for (int k = 0; k < 5; ++k)
    all.emplace_back(pointwise([k](std::span<const double> u) { return std::pow(u[0], 5 - k); }));
  return all;
}

TEST(MultiFidelity, PlanIsThePublishedOne) {
  const auto models = polynomials();
  EXPECT_NEAR(models[1].correlation, 0.99498744, 1e-8);
  EXPECT_NEAR(models[4].correlation, 0.82065181, 1e-8);
  const MultiFidelityPlan plan = multi_fidelity_plan(models, 1'000);
  ASSERT_EQ(plan.models, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  const std::array<double, 5> ratios = {1, 6.275565, 30.206338, 136.347208, 820.651807};
  for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(plan.ratios[k], ratios[k], 1e-6 * ratios[k]);
  EXPECT_NEAR(plan.variance_ratio, 0.0461404, 1e-7);
  EXPECT_LE(plan.cost, 1'000.0);
  EXPECT_GT(plan.cost, 995.0);
}

TEST(MultiFidelity, LeavesOutWhatDoesNotPay) {
  // A model nearly as dear as the first, and one that has nothing to do with it.
  const MultiFidelityPlan plan =
      multi_fidelity_plan(std::vector<Fidelity>{{1, 1, 1}, {0.9, 1, 0.5}, {0.01, 1, 0.0}}, 100);
  EXPECT_EQ(plan.models, std::vector<std::size_t>{0});
  EXPECT_EQ(plan.variance_ratio, 1.0);
  EXPECT_EQ(plan.evaluations[0], 100U);
}

TEST(MultiFidelity, MeanIsRightAndAsSureAsItSays) {
  // 400 studies with a budget of 50 evaluations of the first: the mean of their means within 4.5 standard errors
  // of 1/6, 95 % intervals hold 380 times +- 4.5 x 4.4, and the variance is that of the plan, 0.0461 / 50 of the
  // first's, within what 400 of them tell (chi-squared: +- 4.5 x sqrt(2 / 400)) and what a pilot of 100 points
  // loses.
  const auto models = functions();
  math::Moments means;
  int held = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const MultiFidelityMean m = multi_fidelity_mean(
        {.inputs = 1, .costs = {Costs.begin(), Costs.end()}, .budget = 50, .seed = seed}, models);
    means.add(m.mean.mean);
    held += m.mean.low() <= 1.0 / 6 && 1.0 / 6 <= m.mean.high();
    EXPECT_LE(m.cost, 51.0);
  }
  EXPECT_NEAR(means.mean(), 1.0 / 6, 4.5 * means.deviation() / 20);
  EXPECT_NEAR(held, 380, 20 + 6);  // t quantiles are for one part, of several
  const double ratio = means.variance() / (variance_of(0) / 50);
  EXPECT_NEAR(ratio, 0.0461404, 0.0461404 * (4.5 * std::sqrt(2.0 / 400) + 0.15));
}

TEST(MultiFidelity, IsTheSameForAnyNumberOfThreads) {
  const auto models = functions();
  MultiFidelityStudy s = {.inputs = 1, .costs = {Costs.begin(), Costs.end()}, .budget = 80};
  const auto one = multi_fidelity_mean(s, models);
  s.threads = 3;
  EXPECT_EQ(multi_fidelity_mean(s, models).mean, one.mean);
}

TEST(MultiFidelity, LeavesOutRunsThatFail) {
  auto models = functions();
  models[2] = pointwise([](std::span<const double> u) {
    return std::fmod(u[0] * 1e5, 1.0) < 0.02 ? std::numeric_limits<double>::quiet_NaN()
                                             : std::pow(u[0], 3);
  });
  const auto m = multi_fidelity_mean(
      {.inputs = 1, .costs = {Costs.begin(), Costs.end()}, .budget = 500}, models);
  EXPECT_GT(m.failed, 0U);
  EXPECT_NEAR(m.mean.mean, 1.0 / 6, 3 * m.mean.half_width);
}

TEST(MultiFidelity, SaysWhatCannotBe) {
  const auto why = [](std::vector<Fidelity> m, double budget) {
    return contract::refusal([&] { (void)multi_fidelity_plan(m, budget); });
  };
  EXPECT_EQ(why({}, 1), "0 models of one quantity (1 to 16)");
  EXPECT_EQ(why({{0, 1, 1}}, 1), "model 0 costs 0 (above 0)");
  EXPECT_EQ(why({{1, 1, 1}, {1, 0, 1}}, 9),
            "model 1 does not vary: it cannot help, or needs no help");
  EXPECT_EQ(why({{1, 1, 0.5}}, 9), "the first model has correlation 0.5 with itself");
  EXPECT_EQ(why({{1, 1, 1}}, 1.5),
            "a budget of 1.5 (at least 2: two evaluations of the first model)");
  EXPECT_EQ(contract::refusal([] {
              (void)multi_fidelity_mean({.inputs = 1, .costs = {1}, .budget = 10, .pilot = 5},
                                        std::vector<AnyFunction>(1));
            }),
            "a pilot of 5 points (at least 10)");
}

}  // namespace
}  // namespace twin::uq
