// If these failed, an emulator would be trusted where it knows nothing, or blame the wrong input.
#include "twin/uq/polynomial_chaos.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/chaos_fit.hpp"

namespace twin::uq {
namespace {

using enum PolynomialFamily;

struct ChaosByHand {
  std::vector<PolynomialFamily> families;
  ChaosRuns runs;
  ChaosByHand(std::vector<PolynomialFamily> of, std::size_t points, double low, double high,
              const std::function<double(std::span<const double>)>& f)
      : families(std::move(of)) {
    std::vector<std::vector<double>> u(families.size(), std::vector<double>(points));
    std::vector<const double*> columns;
    for (std::size_t i = 0; i < u.size(); ++i) {
      math::uniforms({3, 0}, 0, static_cast<std::uint32_t>(i), 0, u[i]);
      for (double& v : u[i]) v = low + (high - low) * v;
      columns.push_back(u[i].data());
    }
    std::vector<double> y(points);
    const Points at{columns, points};
    pointwise(f)(at, y);
    runs.add(families, at, y);
  }
  [[nodiscard]] PolynomialChaos fit(const std::vector<std::vector<PolynomialFactor>>& terms) const {
    MultiIndices indices;
    for (const auto& term : terms) indices.add(term);
    return fit_terms(families, indices, runs);
  }
};

double legendre_of(int degree, double u) {
  const double x = 2 * u - 1;
  return degree == 1 ? std::sqrt(3.0) * x : std::sqrt(5.0) * (3 * x * x - 1) / 2;
}

// 2 + 3 P1(u0) - P2(u1) + 2 P1(u0) P1(u2), of three inputs and one that does nothing.
double four_inputs(std::span<const double> u) {
  return 2 + 3 * legendre_of(1, u[0]) - legendre_of(2, u[1]) +
         2 * legendre_of(1, u[0]) * legendre_of(1, u[2]);
}
PolynomialChaos of_four_inputs(double low = 0.0, double high = 1.0) {
  return ChaosByHand({Legendre, Legendre, Legendre, Legendre}, 200, low, high, four_inputs)
      .fit({{}, {{0, 1}}, {{1, 1}}, {{1, 2}}, {{0, 1}, {2, 1}}, {{3, 1}}});
}

TEST(PolynomialChaos, MomentsAndIndicesOfPolynomialsAreExact) {
  // Parts of the variance: 9 by input 0, 1 by input 1, 4 by inputs 0 and 2 together.
  const PolynomialChaos chaos = of_four_inputs();
  EXPECT_NEAR(chaos.mean(), 2.0, 1e-13);
  EXPECT_NEAR(chaos.variance(), 14.0, 1e-12);
  const SobolIndices s = chaos.indices({{0}, {1}, {2}, {3}, {0, 2}, {1, 2}, {0, 1, 2, 3}});
  const std::vector<double> first = {9, 1, 0, 0, 13, 1, 14}, total = {13, 1, 4, 0, 13, 5, 14};
  for (std::size_t g = 0; g < first.size(); ++g) {
    EXPECT_NEAR(s.first[g].mean, first[g] / 14, 1e-13) << g;
    EXPECT_NEAR(s.total[g].mean, total[g] / 14, 1e-13) << g;
    EXPECT_LT(s.first[g].half_width, 1e-12);
  }
  EXPECT_EQ(s.evaluations, 200U);
  EXPECT_EQ(chaos.indices().total.size(), 4U);
}

TEST(PolynomialChaos, IntervalsOfNoisyRunsHoldAsOftenAsTheySay) {
  // y = 1 + x0 + x1 x2 + noise, terms known: 300 sets of 60 runs, intervals of 90 % for the mean, the variance that
  // terms explain, and an index. By chance 270 +- 4.9 x 5.2 each; t and the delta method are not exact for 60 runs
  // (3 %).
  const std::vector<PolynomialFamily> families(3);
  MultiIndices terms;
  for (const auto& term : std::vector<std::vector<PolynomialFactor>>{
           {}, {{0, 1}}, {{1, 1}}, {{2, 1}}, {{1, 1}, {2, 1}}})
    terms.add(term);
  int mean = 0, variance = 0, index = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::vector<std::vector<double>> u(3, std::vector<double>(60));
    std::vector<const double*> columns;
    for (std::uint32_t i = 0; i < 3; ++i) {
      math::uniforms({seed, 0}, 0, i, 0, u[i]);
      columns.push_back(u[i].data());
    }
    std::vector<double> y(60);
    math::normals({seed, 0}, 1, 0, 0, y);
    for (std::size_t k = 0; k < 60; ++k)
      y[k] = 0.5 * y[k] + 1 + 2 * u[0][k] - 1 + (2 * u[1][k] - 1) * (2 * u[2][k] - 1);
    ChaosRuns runs;
    runs.add(families, {columns, 60}, y);
    const SobolIndices s = fit_terms(families, terms, runs).indices({{0}}, 0.9);
    const auto holds = [](const math::Interval& i, double truth) {
      return std::abs(i.mean - truth) <= i.half_width ? 1 : 0;
    };
    mean += holds(s.mean, 1.0);
    variance += holds(s.variance, 1.0 / 3 + 1.0 / 9);
    index += holds(s.first[0], 0.75);
  }
  EXPECT_NEAR(mean, 270, 25 + 9);
  EXPECT_NEAR(variance, 270, 25 + 9);
  EXPECT_NEAR(index, 270, 25 + 9);
}

TEST(PolynomialChaos, StandardErrorsAreThoseOfLeavingOutEachRun) {
  // Terms leave sin's third harmonic over. HC3 is the sum of squares of what leaving out each run changes: exact
  // for the mean, which is a coefficient, and to the order of 1 / n for what is not linear in them.
  const ChaosByHand by_hand({Legendre, Legendre}, 120, 0.0, 1.0, [](std::span<const double> u) {
    return std::sin(5 * u[0]) + u[0] * std::exp(u[1]);
  });
  const std::vector<std::vector<PolynomialFactor>> terms = {
      {}, {{0, 1}}, {{0, 2}}, {{1, 1}}, {{0, 1}, {1, 1}}};
  const auto figures = [](const PolynomialChaos& chaos) {
    const SobolIndices s = chaos.indices({{0}, {1}});
    return std::vector<math::Interval>{s.mean, s.variance, s.first[0], s.total[0], s.total[1]};
  };
  const auto all = figures(by_hand.fit(terms));
  std::vector<double> squares(all.size(), 0.0);
  for (std::size_t out = 0; out < 120; ++out) {
    ChaosByHand others = by_hand;
    const auto at = static_cast<std::ptrdiff_t>(out);
    for (auto& column : others.runs.u) column.erase(column.begin() + at);
    others.runs.y.erase(others.runs.y.begin() + at);
    const auto without = figures(others.fit(terms));
    for (std::size_t k = 0; k < all.size(); ++k)
      squares[k] += (without[k].mean - all[k].mean) * (without[k].mean - all[k].mean);
  }
  const double t = math::student_t_quantile(0.975, 115.0);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double told = all[k].half_width / t, left_out = std::sqrt(squares[k]);
    EXPECT_NEAR(told, left_out, (k == 0 ? 1e-10 : 0.05) * left_out) << k;
  }
}

TEST(PolynomialChaos, WhatDoesNotVaryHasNoIndices) {
  const PolynomialChaos chaos =
      ChaosByHand({Legendre, Hermite}, 20, 0.1, 0.9, [](auto) { return 4.0; }).fit({{}});
  EXPECT_EQ(chaos.value(std::vector<double>{0.3, 0.2}), chaos.mean());
  EXPECT_NEAR(chaos.mean(), 4.0, 1e-14);
  const SobolIndices s = chaos.indices();
  EXPECT_EQ(s.first[0].mean, 0.0);
  EXPECT_EQ(s.total[1].mean, 0.0);
}

TEST(PolynomialChaos, IsTheSameForAnyNumberOfThreadsAndOnePoint) {
  const PolynomialChaos chaos = of_four_inputs();
  constexpr std::size_t Count = 10'000;
  std::vector<std::vector<double>> u(4, std::vector<double>(Count));
  std::vector<const double*> columns;
  for (std::uint32_t i = 0; i < 4; ++i) {
    math::uniforms({8, 0}, 0, i, 0, u[i]);
    columns.push_back(u[i].data());
  }
  std::vector<double> one(Count), three(Count);
  chaos.value({columns, Count}, one);
  chaos.value({columns, Count}, three, 3);
  EXPECT_EQ(one, three);
  for (std::size_t k = 0; k < Count; k += 997) {
    const std::vector<double> at = {u[0][k], u[1][k], u[2][k], u[3][k]};
    EXPECT_EQ(chaos.value(at), one[k]);
    EXPECT_NEAR(one[k], four_inputs(at), 1e-12);
  }
}

TEST(PolynomialChaos, RefusesWhatIsFarFromItsRuns) {
  const PolynomialChaos chaos = of_four_inputs(0.2, 0.6);
  const ChaosFit& fit = chaos.fit();
  const std::vector<double> middle(4, 0.4);
  EXPECT_FALSE(chaos.refuses(middle));
  for (std::size_t i = 0; i < 4; ++i) {
    const double grown = PolynomialChaos::BoxGrown * (fit.high[i] - fit.low[i]);
    for (const double sign : {1.0, -1.0}) {
      std::vector<double> u = middle;
      const double end = sign > 0 ? fit.high[i] : fit.low[i];
      u[i] = end + sign * 0.99 * grown;
      EXPECT_FALSE(chaos.refuses(u)) << i;
      u[i] = end + sign * 1.01 * grown;
      EXPECT_TRUE(chaos.refuses(u)) << i;
      u[i] = NAN;
      EXPECT_TRUE(chaos.refuses(u));
    }
  }
}

TEST(PolynomialChaos, RefusesLeveragesBeyondThoseOfItsRuns) {
  // Two inputs, runs along the diagonal only: the other corners are within the box and far from all runs.
  ChaosRuns runs;
  std::vector<double> a(40), b(40), y(40);
  math::uniforms({2, 0}, 0, 0, 0, a);
  math::uniforms({2, 0}, 0, 1, 0, b);
  for (std::size_t k = 0; k < 40; ++k) {
    b[k] = std::min(1.0, std::max(0.0, a[k] + 0.1 * (b[k] - 0.5)));
    y[k] = a[k] + b[k];
  }
  const std::vector<PolynomialFamily> families(2);
  const std::vector<const double*> columns = {a.data(), b.data()};
  runs.add(families, {columns, 40}, y);
  MultiIndices terms;
  terms.add({});
  terms.add(std::vector<PolynomialFactor>{{0, 1}});
  terms.add(std::vector<PolynomialFactor>{{1, 1}});
  const PolynomialChaos chaos = fit_terms(families, terms, runs);
  double most = 0.0, sum = 0.0;
  for (std::size_t k = 0; k < 40; ++k) {
    const double leverage = chaos.leverage(std::vector<double>{a[k], b[k]});
    most = std::max(most, leverage);
    sum += leverage;
    EXPECT_FALSE(chaos.refuses(std::vector<double>{a[k], b[k]}));
  }
  EXPECT_NEAR(sum, 3.0, 1e-12);  // the trace of what takes 3 terms to the runs
  EXPECT_NEAR(chaos.fit().leverage_most, most, 1e-13);
  EXPECT_FALSE(chaos.refuses(std::vector<double>{0.5, 0.5}));
  EXPECT_TRUE(chaos.refuses(std::vector<double>{0.9, 0.1}));
  EXPECT_GT(chaos.leverage(std::vector<double>{0.9, 0.1}), PolynomialChaos::LeverageGrown * most);
}

TEST(PolynomialChaos, IsTheSameWhenItWasStored) {
  const PolynomialChaos chaos = of_four_inputs();
  const auto bytes = core::save(chaos);
  const auto back = core::load<PolynomialChaos>(bytes);
  EXPECT_EQ(back, chaos);
  const std::vector<double> u = {0.1, 0.9, 0.4, 0.5};
  EXPECT_EQ(back.value(u), chaos.value(u));
  EXPECT_EQ(back.leverage(u), chaos.leverage(u));
  ChaosFit damaged = chaos.fit();
  damaged.coefficients.pop_back();
  EXPECT_EQ(contract::refusal(
                [&] { (void)core::load<PolynomialChaos>(core::save(PolynomialChaos(damaged))); }),
            "a polynomial chaos expansion whose parts do not belong together; "
            "is it damaged?");
}

TEST(PolynomialChaos, SaysWhatIsNoGroup) {
  const PolynomialChaos chaos = of_four_inputs();
  const auto why = [&](std::vector<std::vector<std::size_t>> groups, double confidence) {
    return contract::refusal([&] { (void)chaos.indices(groups, confidence); });
  };
  EXPECT_EQ(why({{0}, {}}, 0.9), "group 1 has no inputs");
  EXPECT_EQ(why({{0, 4}}, 0.9), "group 0 has input 4 (there are 4, from 0)");
  EXPECT_NE(why({{0}}, 1.0), "accepted");
}

}  // namespace
}  // namespace twin::uq
