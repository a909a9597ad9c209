// If these failed, metrology would be spent where it tells nothing.
#include "twin/uq/linear_design.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

using contract::refusal;
using Rows = std::vector<std::vector<double>>;

constexpr std::uint64_t LinearDesignSeed = 20261001;

Rows normals(std::size_t rows, std::size_t columns, std::uint32_t world) {
  Rows x(rows, std::vector<double>(columns));
  for (std::uint32_t i = 0; i < rows; ++i) {
    for (std::uint32_t j = 0; j < columns; ++j)
      x[i][j] = math::normal(core::Draw{LinearDesignSeed, world}.uniform(0, i, j));
  }
  return x;
}

// ln det(I + S S^T / R) / 2 by elimination: the information of all candidates at once.
double information_of_all(const Rows& s, const std::vector<double>& r) {
  const std::size_t n = s.size();
  Rows a(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < s[i].size(); ++k)
        a[i][j] += s[i][k] * s[j][k] / std::sqrt(r[i] * r[j]);
      if (i == j) a[i][j] += 1.0;
    }
  }
  double log_det = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    log_det += std::log(a[k][k]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double f = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= f * a[k][j];
    }
  }
  return 0.5 * log_det;
}

// Wrong: the published information would not come out. y = a + b x + e, a and b standard normal, sd of e
// 0.5: at x = -1, 1 ln 9; at -1, 0, 1 2.3810869674.
TEST(LinearDesign, HasThePublishedInformation) {
  LinearDesign d({{1, -1}, {1, 1}, {1, 0}}, {0.25, 0.25, 0.25}, {{1, 0}, {0, 1}});
  d.take(0);
  d.take(1);
  EXPECT_NEAR(d.information_taken(), 2.1972245773, 5e-11);
  EXPECT_NEAR(d.information_taken(), std::log(9.0), 1e-14);
  d.take(2);
  EXPECT_NEAR(d.information_taken(), 2.3810869674, 5e-11);
  // Var a after all three: 1 / (1 + 3 / 0.25), Var b: 1 / (1 + 2 / 0.25).
  EXPECT_NEAR(d.variance(0), 1.0 / 13.0, 1e-15);
  EXPECT_NEAR(d.variance(1), 1.0 / 9.0, 1e-15);
  EXPECT_NEAR(d.variance_left(), 1.0 / 13.0 + 1.0 / 9.0, 1e-15);
}

// Wrong: gains would not add up: the information of many is that of all at once, in any order.
TEST(LinearDesign, AddsUpInAnyOrder) {
  SCOPED_TRACE(LinearDesignSeed);
  for (std::uint32_t w = 0; w < 20; ++w) {
    const Rows s = normals(6, 4, w);
    const std::vector<double> r = {0.1, 1, 2, 0.5, 3, 0.01};
    const double all = information_of_all(s, r);
    LinearDesign up(s, r, s), down(s, r, s);
    for (std::size_t i = 0; i < 6; ++i) {
      const double promised = up.variance_removed(i), before = up.variance_left();
      up.take(i);
      EXPECT_NEAR(before - up.variance_left(), promised, 1e-12);
      down.take(5 - i);
    }
    EXPECT_NEAR(up.information_taken(), all, 1e-12);
    EXPECT_NEAR(down.information_taken(), all, 1e-12);
    for (std::size_t q = 0; q < 6; ++q) EXPECT_NEAR(up.variance(q), down.variance(q), 1e-12);
  }
}

// Wrong: an ensemble's covariance would be another. Two members at +-1: variance 2; the wafer that
// shows the decision's number itself is the one to measure, not the noisier or the unrelated.
TEST(LinearDesign, OfMembersTakesTheirCovariance) {
  const auto d = LinearDesign::of_members({{9, 7}, {5, 5}, {0, 4}}, {1, 1, 1}, {{1, -1}});
  EXPECT_NEAR(d.information(0), 0.5 * std::log(3.0), 1e-14);
  EXPECT_EQ(d.information(1), 0.0);
  EXPECT_EQ(d.variance_removed(1), 0.0);
  EXPECT_NEAR(d.variance(0), 2.0, 1e-14);
  EXPECT_NEAR(d.variance_removed(2), 16.0 / 9.0, 1e-14);  // cov -4, variance 8
  EXPECT_NEAR(d.information_on(0, 2), -0.5 * std::log(1 - 16.0 / 18.0), 1e-13);
}

// Wrong: the two criteria would be one. A loud quantity that does not matter has the most information,
// a quiet one that matters removes the variance.
TEST(LinearDesign, InformationIsNotVariance) {
  const LinearDesign d({{5, 0}, {0, 1}}, {1, 1}, {{0, 2}});
  EXPECT_GT(d.information(0), d.information(1));
  EXPECT_LT(d.variance_removed(0), d.variance_removed(1));
  EXPECT_EQ(d.information_on(0, 0), 0.0);
}

// Wrong: what is known already, or known for sure, would be no number.
TEST(LinearDesign, OfWhatIsKnown) {
  LinearDesign d({{0, 0}, {1, 0}}, {1, 1e-12}, {{0, 0}, {1, 0}});
  EXPECT_EQ(d.information(0), 0.0);
  EXPECT_EQ(d.information_on(0, 1), 0.0);
  for (int n = 0; n < 50; ++n) d.take(1);
  EXPECT_NEAR(d.variance(1) * 1e12, 1.0 / 50, 1e-6);  // again and again, with fresh noise
  EXPECT_GE(d.information(1), 0.0);
}

// Wrong: nonsense would be taken in.
TEST(LinearDesign, RefusesNonsense) {
  EXPECT_EQ(refusal([] { LinearDesign({}, {}, {}); }),
            "no candidates (needs at least one); was everything filtered out?");
  EXPECT_EQ(refusal([] {
              LinearDesign({{1, 2}}, {0}, {});
            }),
            "noise variance = 0 (must be positive)");
  EXPECT_EQ(refusal([] {
              LinearDesign({{1, 2}, {1}}, {1, 1}, {});
            }),
            "candidate[1] has 1 numbers (others have 2); are members missing?");
  EXPECT_EQ(refusal([] {
              LinearDesign({{1, 2}}, {1}, {{1, NAN}});
            }),
            "quantity[0][1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] {
              LinearDesign({{1, 2}}, {1, 2}, {});
            }),
            "1 candidates and 2 noise variances (must be as many); do they belong together?");
  EXPECT_EQ(refusal([] { LinearDesign::of_members({{1}}, {1}, {}); }),
            "1 member (needs at least 2 to vary)");
}

}  // namespace
}  // namespace twin::uq
