// If these failed, the wafers chosen to be measured could be worth less than two thirds of others.
#include "twin/uq/greedy.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/uq/linear_design.hpp"

namespace twin::uq {
namespace {

using contract::refusal;

constexpr std::uint64_t GreedySeed = 20261101;
constexpr std::uint32_t Instances = 200;

// n candidates seen by a belief in `dims` dimensions, some of them nearly the same, noises very unequal.
LinearDesign random_design(std::uint32_t world, std::size_t n, std::size_t dims) {
  const core::Draw draw{GreedySeed, world};
  std::vector<std::vector<double>> s(n, std::vector<double>(dims)), q(3, std::vector<double>(dims));
  std::vector<double> r;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < dims; ++j) {
      s[i][j] = math::normal(draw.uniform(0, i, j));
      if (i % 3 == 1) s[i][j] = s[i - 1][j] + 0.1 * s[i][j];
    }
    r.push_back(math::exp(2.0 * math::normal(draw.uniform(1, i, 0))));
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    for (std::uint32_t j = 0; j < dims; ++j) q[i][j] = math::normal(draw.uniform(2, i, j));
  }
  return {s, r, q};
}

double information_of(LinearDesign d, unsigned set) {
  for (std::size_t i = 0; i < d.size(); ++i) {
    if ((set >> i & 1U) != 0) d.take(i);
  }
  return d.information_taken();
}

// A criterion told as a table over sets: for what is not linear.
struct Table {
  std::vector<double> value;  // [set of bits]
  std::size_t things = 0;
  unsigned taken = 0;
  [[nodiscard]] std::size_t size() const { return things; }
  [[nodiscard]] double gain(std::size_t i) const { return value[taken | 1U << i] - value[taken]; }
  void take(std::size_t i) { taken |= 1U << i; }
};

// Wrong: the bound would not hold. On every one of 200 instances, 4 of 12, all 495 choices tried: at
// least 63.2 % of the best, and in most far above.
TEST(Greedy, KeepsItsBoundOnEveryInstance) {
  SCOPED_TRACE(GreedySeed);
  double worst = 1.0;
  for (std::uint32_t w = 0; w < Instances; ++w) {
    const LinearDesign design = random_design(w, 12, 3 + w % 6);
    double best = 0.0;
    for (unsigned set = 0; set < 1U << 12; ++set) {
      if (std::popcount(set) == 4) best = std::max(best, information_of(design, set));
    }
    const Picked picked = greedy(MostInformation{design}, 4);
    ASSERT_EQ(picked.order.size(), 4U);
    EXPECT_GE(picked.value, GreedyBound * best) << w;
    EXPECT_LE(picked.value, best * (1 + 1e-12)) << w;
    worst = std::min(worst, picked.value / best);
  }
  EXPECT_GE(worst, 0.9);
  RecordProperty("worst_share_of_the_best", std::to_string(worst));
}

// Wrong: the bound would be that of kind instances only. Coverage made to mislead (U. Feige, Journal of
// the ACM 45, 1998, in small): the best two are the halves of 12 points, but 7 spread ones look better.
TEST(Greedy, KeepsItsBoundWhereItIsMisled) {
  const std::vector<unsigned> covers = {0b000000111111, 0b111111000000, 0b000111111100,
                                        0b000000000011};
  Table t{std::vector<double>(1U << covers.size()), covers.size()};
  for (unsigned set = 0; set < t.value.size(); ++set) {
    unsigned points = 0;
    for (std::size_t i = 0; i < covers.size(); ++i) {
      if ((set >> i & 1U) != 0) points |= covers[i];
    }
    t.value[set] = std::popcount(points);
  }
  const Picked picked = greedy(t, 2);
  EXPECT_EQ(picked.order.front(), 2U);
  EXPECT_EQ(picked.value, 10.0);  // 7, then 3: of 12
  EXPECT_GE(picked.value, GreedyBound * 12.0);
}

// Wrong: laziness would change the choice, or save nothing.
TEST(Greedy, IsLazyWithoutAnEffect) {
  SCOPED_TRACE(GreedySeed);
  std::uint64_t lazy_asked = 0, all_asked = 0;
  for (std::uint32_t w = 0; w < Instances; ++w) {
    const LinearDesign design = random_design(1'000 + w, 60, 12);
    const Picked lazy = greedy(MostInformation{design}, 15);
    const Picked all = greedy(MostInformation{design}, 15, Gains::Any);
    EXPECT_EQ(lazy.order, all.order) << w;
    EXPECT_EQ(lazy.value, all.value) << w;
    for (std::size_t i = 1; i < lazy.gains.size(); ++i) EXPECT_LE(lazy.gains[i], lazy.gains[i - 1]);
    lazy_asked += lazy.evaluations;
    all_asked += all.evaluations;
  }
  EXPECT_EQ(all_asked, Instances * (60U * 15U - 15U * 14U / 2U));
  EXPECT_LT(2 * lazy_asked, all_asked);
}

// Wrong: variance, which is not submodular, would be chosen by a rule made for what is. Each asked each
// time: the gains are the variance that really goes.
TEST(Greedy, TakesVarianceWithoutABound) {
  SCOPED_TRACE(GreedySeed);
  for (std::uint32_t w = 0; w < 20; ++w) {
    const LinearDesign design = random_design(2'000 + w, 10, 5);
    const Picked picked = greedy(LeastVariance{design}, 3, Gains::Any);
    LinearDesign after = design;
    for (const std::size_t i : picked.order) after.take(i);
    EXPECT_NEAR(picked.value, design.variance_left() - after.variance_left(), 1e-12);
  }
}

// Wrong: a budget would be overrun or its bound missed: half of 63.2 % of the best affordable choice.
TEST(GreedyWithin, KeepsBudgetAndBound) {
  SCOPED_TRACE(GreedySeed);
  for (std::uint32_t w = 0; w < 100; ++w) {
    const LinearDesign design = random_design(3'000 + w, 10, 4);
    std::vector<double> costs;
    for (std::uint32_t i = 0; i < 10; ++i)
      costs.push_back(0.2 + 3.0 * core::Draw{GreedySeed, w}.uniform(9, i, 0));
    const double budget = 4.0;
    double best = 0.0;
    for (unsigned set = 0; set < 1U << 10; ++set) {
      double cost = 0.0;
      for (std::size_t i = 0; i < 10; ++i) cost += (set >> i & 1U) != 0 ? costs[i] : 0.0;
      if (cost <= budget) best = std::max(best, information_of(design, set));
    }
    const Picked picked = greedy_within(MostInformation{design}, costs, budget);
    EXPECT_LE(picked.cost, budget);
    EXPECT_GE(picked.value, GreedyBudgetBound * best) << w;
  }
  // By gain alone the dear one is taken, per cost the cheap one, which is a thousand times worse.
  Table trap{{0, 1, 2, 2}, 2};
  trap.value[1] = 0.002;
  const Picked picked = greedy_within(trap, std::vector<double>{0.001, 10}, 10.0);
  EXPECT_EQ(picked.order, std::vector<std::size_t>{1});
}

// Wrong: nothing would be picked as if it were worth something, or something twice.
TEST(Greedy, StopsWhereNothingIsWorthAnything) {
  const LinearDesign d({{0, 0}, {1, 0}, {0, 0}}, {1, 1, 1}, {});
  EXPECT_EQ(greedy(MostInformation{d}, 3).order, std::vector<std::size_t>{1});
  EXPECT_TRUE(greedy(MostInformation{d}, 0).order.empty());
  EXPECT_EQ(greedy(LeastVariance{d}, 9, Gains::Any).order.size(), 0U);
  const LinearDesign same({{1, 1}, {1, 1}}, {1, 1}, {});
  EXPECT_EQ(greedy(MostInformation{same}, 5).order, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(refusal([&] { greedy_within(MostInformation{d}, std::vector<double>{1}, 1.0); }),
            "3 candidates and 1 costs (must be as many); do they belong together?");
  EXPECT_EQ(refusal([&] {
              greedy_within(MostInformation{d}, std::vector<double>{1, 0, 1}, 1.0);
            }),
            "cost = 0 (must be positive)");
}

}  // namespace
}  // namespace twin::uq
