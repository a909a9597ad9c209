// If these failed, a plan whose bad days are ruinous could look as good as one whose are not.
#include "twin/uq/tail_risk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

using contract::refusal;

constexpr std::uint64_t TailRiskSeed = 20260801;

std::vector<double> normals_tail_risk(std::size_t n, std::uint32_t who) {
  std::vector<double> x;
  for (std::uint32_t i = 0; i < n; ++i)
    x.push_back(math::normal(core::Draw{TailRiskSeed, 0}.uniform(0, who, i)));
  return x;
}

// Wrong: published values would not come out. N(0, 1) and Exp(1).
TEST(TailRisk, HasThePublishedValues) {
  const auto check = [](const TailRisk& r, double var, double cvar, double to) {
    EXPECT_NEAR(r.value_at_risk, var, to);
    EXPECT_NEAR(r.conditional_value_at_risk, cvar, to);
  };
  check(normal_tail_risk(0, 1, 0.90), 1.28155157, 1.75498332, 5e-9);
  check(normal_tail_risk(0, 1, 0.95), 1.64485363, 2.06271281, 5e-9);
  check(normal_tail_risk(0, 1, 0.99), 2.32634787, 2.66521422, 5e-9);
  check(normal_tail_risk(0, 1, 0.999), 3.09023231, 3.36709008, 5e-9);
  check(normal_tail_risk(5, 2, 0.95), 5 + 2 * 1.64485363, 5 + 2 * 2.06271281, 2e-8);
  check(exponential_tail_risk(1, 0.95), 2.996, 3.996, 5e-4);
  check(exponential_tail_risk(3, 0.95), 3 * std::log(20.0), 3 * std::log(20.0) + 3, 1e-13);
}

// Wrong: a discrete distribution's tail would be smeared. By hand: 100 members 1 to 100.
TEST(TailRisk, IsExactForMembers) {
  std::vector<double> x;
  for (int i = 100; i > 0; --i) x.push_back(i);
  EXPECT_EQ(tail_risk(x, 0.95).value_at_risk, 95.0);
  EXPECT_NEAR(tail_risk(x, 0.95).conditional_value_at_risk, 98.0, 1e-12);
  // 0.955 cuts 96 in half: (0.005 x 96 + 0.01 (97 + 98 + 99 + 100)) / 0.045.
  EXPECT_EQ(tail_risk(x, 0.955).value_at_risk, 96.0);
  EXPECT_NEAR(tail_risk(x, 0.955).conditional_value_at_risk, (0.48 + 3.94) / 0.045, 1e-11);
  EXPECT_NEAR(tail_risk(x, 0.0).conditional_value_at_risk, 50.5, 1e-12);  // the mean
  EXPECT_EQ(tail_risk(x, 0.0).value_at_risk, 1.0);
  EXPECT_NEAR(tail_risk(x, 0.999).conditional_value_at_risk, 100.0, 1e-12);
}

// Wrong: particles' weights would not count. Weights are repeats.
TEST(TailRisk, WeightsAreRepeats) {
  const std::vector<double> values = {3, -1, 8, 5}, weights = {2, 4, 1, 3};
  std::vector<double> repeated;
  for (std::size_t i = 0; i < 4; ++i) {
    for (int j = 0; j < static_cast<int>(weights[i]); ++j) repeated.push_back(values[i]);
  }
  for (const double level : {0.0, 0.3, 0.4, 0.75, 0.9, 0.95}) {
    const TailRisk a = tail_risk(values, weights, level), b = tail_risk(repeated, level);
    EXPECT_EQ(a.value_at_risk, b.value_at_risk) << level;
    EXPECT_NEAR(a.conditional_value_at_risk, b.conditional_value_at_risk, 1e-12) << level;
  }
  const std::vector<double> none = {0, 0, 5, 0};
  EXPECT_EQ(tail_risk(values, none, 0.5).conditional_value_at_risk, 8.0);
}

// Wrong: the two definitions would disagree: CVaR is the least of a convex function, found at VaR, and
// at no other member.
TEST(TailRisk, IsTheLeastOfRockafellarAndUryasev) {
  SCOPED_TRACE(TailRiskSeed);
  const std::vector<double> x = normals_tail_risk(97, 1);
  for (const double level : {0.0, 0.5, 0.9, 0.95, 0.985}) {
    const TailRisk r = tail_risk(x, level);
    double least = std::numeric_limits<double>::infinity();
    for (const double t : x) least = std::min(least, rockafellar_uryasev(x, level, t));
    EXPECT_NEAR(r.conditional_value_at_risk, least, 1e-12) << level;
    EXPECT_NEAR(rockafellar_uryasev(x, level, r.value_at_risk), least, 1e-12) << level;
  }
}

// Wrong: it would be no coherent measure: two plans together riskier than apart, a better plan riskier
// in each case, or a common shift changing more than itself (Artzner et al., Mathematical Finance 9,
// 1999).
TEST(TailRisk, IsCoherent) {
  SCOPED_TRACE(TailRiskSeed);
  for (std::uint32_t t = 0; t < 50; ++t) {
    const std::vector<double> x = normals_tail_risk(60, 10 + t), y = normals_tail_risk(60, 100 + t);
    std::vector<double> sum, worse, shifted, doubled;
    for (std::size_t i = 0; i < 60; ++i) {
      sum.push_back(x[i] + y[i]);
      worse.push_back(x[i] + std::abs(y[i]));
      shifted.push_back(x[i] + 1000.0);
      doubled.push_back(2.0 * x[i]);
    }
    for (const double level : {0.5, 0.9, 0.97}) {
      const auto cvar = [&](const std::vector<double>& v) {
        return tail_risk(v, level).conditional_value_at_risk;
      };
      EXPECT_GE(cvar(x), tail_risk(x, level).value_at_risk);
      EXPECT_LE(cvar(sum), cvar(x) + cvar(y) + 1e-12);
      EXPECT_GE(cvar(worse), cvar(x));
      EXPECT_NEAR(cvar(shifted), cvar(x) + 1000.0, 1e-11);
      EXPECT_EQ(cvar(doubled), 2.0 * cvar(x));
    }
  }
}

// Wrong: an ensemble's CVaR would be off by more than its stated error. 1,000 ensembles of 1,000
// normals at 0.9: the true standard error is 0.0609, the bias about -0.9 / (2 n density) = -0.0026, which
// costs the share within 1.96 errors less than 0.01, as its skew does: 0.93 to 0.96, se 0.0081.
TEST(TailRisk, ItsErrorIsWhatItSays) {
  SCOPED_TRACE(TailRiskSeed);
  int held = 0;
  for (std::uint32_t t = 0; t < 1'000; ++t) {
    const std::vector<double> x = normals_tail_risk(1'000, 1'000 + t);
    const double off = tail_risk(x, 0.9).conditional_value_at_risk - 1.75498332;
    held += std::abs(off) <= 1.96 * conditional_value_at_risk_error(x, 0.9);
  }
  EXPECT_GE(held / 1'000.0, 0.93 - 5.2 * 0.0081);
  EXPECT_LE(held / 1'000.0, 0.96 + 5.2 * 0.0081);
  EXPECT_EQ(conditional_value_at_risk_error(std::vector<double>{1}, 0.9),
            std::numeric_limits<double>::infinity());
}

// Wrong: nonsense would be taken in, and one member or equal ones not be.
TEST(TailRisk, RefusesNonsense) {
  const std::vector<double> one = {4.0}, nan = {1.0, std::nan("")};
  EXPECT_EQ(tail_risk(one, 0.95).conditional_value_at_risk, 4.0);
  EXPECT_EQ(tail_risk(std::vector<double>(7, 2.5), 0.95).conditional_value_at_risk, 2.5);
  EXPECT_EQ(refusal([&] { tail_risk({}, 0.95); }),
            "no values (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] { tail_risk(nan, 0.95); }),
            "values[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { tail_risk(one, 95); }),
            "level = 95 (must lie in 0 to 1, 1 excluded); is it in percent?");
  EXPECT_EQ(refusal([&] { tail_risk(one, 1.0); }),
            "level = 1 (must lie in 0 to 1, 1 excluded); is it in percent?");
}

}  // namespace
}  // namespace twin::uq
