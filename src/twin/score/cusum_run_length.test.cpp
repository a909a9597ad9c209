// If these failed, a monitor would ring falsely far more often, or far later, than was asked.
#include "twin/score/cusum_run_length.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/cusum.hpp"
#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t CusumRunLengthSeed = 20290113;

// Table 9.3 of D. C. Montgomery, "Introduction to statistical quality control" (6th ed., 2009):
// both sums, slack 0.5, to the three digits given there.
TEST(RunLength, HasThePublishedValues) {
  struct Row {
    double shift, four, five;  // lengths for the thresholds 4 and 5
  };
  constexpr std::array Rows = {Row{0.00, 168, 465},   Row{0.25, 74.2, 139},  Row{0.50, 26.6, 38.0},
                               Row{0.75, 13.3, 17.0}, Row{1.00, 8.38, 10.4}, Row{1.50, 4.75, 5.75},
                               Row{2.00, 3.34, 4.01}, Row{2.50, 2.62, 3.11}, Row{3.00, 2.19, 2.57},
                               Row{4.00, 1.71, 2.01}};
  for (const Row& row : Rows) {
    const auto last_digit = [](double x) { return std::pow(10.0, std::floor(std::log10(x)) - 2); };
    EXPECT_NEAR(run_length({0.5, 4.0}, row.shift), row.four, 0.51 * last_digit(row.four));
    EXPECT_NEAR(run_length({0.5, 5.0}, row.shift), row.five, 0.51 * last_digit(row.five));
  }
}

// A length whose digits are all lost must not pass for a short one, or a negative one.
TEST(RunLength, SaysWhereItHasNoDigits) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(run_length({0.5, 50.0}, 0.0), infinity);
  EXPECT_EQ(run_length({3.0, 30.0}, 0.0), infinity);
  EXPECT_EQ(one_sided_run_length({0.5, 5.0}, -20.0), infinity);
  // The ratio to Siegmund's form settles at 0.9923444: at 3e9 values five digits are still right.
  const CusumDesign long_one{.slack = 0.5, .threshold = 20.0};
  EXPECT_NEAR(one_sided_run_length(long_one, 0) / siegmund_run_length(long_one, 0), 0.9923444,
              1e-5);
}

// D. Brook and D. A. Evans, Biometrika 59, 1972: the sum as a Markov chain on m cells, whose length
// tends to the true one as 1 / m^2. Two sizes are extrapolated; what is left is of order 1 / m^4.
double markov_chain(const CusumDesign& d, double shift, std::size_t m) {
  const double w = 2 * d.threshold / (2 * static_cast<double>(m) - 1);
  std::vector<double> q(m * m);  // [from][to]
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      const double step = (static_cast<double>(j) - static_cast<double>(i)) * w + d.slack - shift;
      const double below = j == 0 ? 0.0 : normal_below(step - 0.5 * w);
      q[i * m + j] = normal_below(step + 0.5 * w) - below;
    }
  }
  // L = 1 + Q L by Gauss-Seidel.
  std::vector<double> l(m, 1.0);
  for (double change = 1.0; change > 1e-11;) {
    change = 0.0;
    for (std::size_t i = 0; i < m; ++i) {
      double next = 1.0;
      for (std::size_t j = 0; j < m; ++j) next += i == j ? 0.0 : q[i * m + j] * l[j];
      next /= 1.0 - q[i * m + i];
      change = std::max(change, std::abs(next - l[i]) / next);
      l[i] = next;
    }
  }
  return l[0];
}

// Two ways of solving the same question: integral equation and Markov chain. Cells of the coarser
// chain are 0.1 deviations wide: what extrapolation leaves is of the order 0.1^4.
TEST(RunLength, IsThatOfTheMarkovChain) {
  for (const CusumDesign d : {CusumDesign{0.5, 4.0}, {0.25, 3.0}, {1.0, 2.0}}) {
    for (const double shift : {-0.25, 0.0, 1.0}) {
      const double coarse = markov_chain(d, shift, 40), fine = markov_chain(d, shift, 80);
      const double cells = (159.0 / 79.0) * (159.0 / 79.0);
      const double limit = fine + (fine - coarse) / (cells - 1);
      EXPECT_NEAR(one_sided_run_length(d, shift) / limit, 1.0, 1e-4) << d.threshold << " " << shift;
    }
  }
}

// The monitor itself must ring as often as the equation says: 2000 runs each, whose lengths scatter
// by about their mean, so |z| < 5 holds the mean to 11 %; the standard error is the sample's own.
TEST(RunLength, IsWhatTheMonitorDoes) {
  const core::Draw draw{.seed = CusumRunLengthSeed, .member = 0};
  std::uint32_t occasion = 0;
  for (const double shift : {0.0, 0.5, 2.0}) {
    math::Moments lengths;
    for (std::uint32_t run = 0; run < 2000; ++run) {
      Cusum monitor({.threshold = 4.0});
      while (monitor.add(shift + math::normal(draw.uniform(0, run, ++occasion))) == Change::None) {
      }
      lengths.add(static_cast<double>(monitor.count()));
    }
    const double error = lengths.deviation() / std::sqrt(2000.0);
    EXPECT_LT(std::abs(lengths.mean() - run_length({.threshold = 4.0}, shift)), 5 * error)
        << shift << ", seed " << CusumRunLengthSeed;
  }
}

// Siegmund's closed form: published example 938.2 for one sum with threshold 5 (Montgomery, eq.
// 9.8 ff.), within 5 % of the equation from threshold 3 on, and its own limit where shift = slack.
TEST(RunLength, IsNearSiegmunds) {
  EXPECT_NEAR(siegmund_run_length({.threshold = 5.0}, 0.0), 938.2, 0.1);
  for (const double threshold : {3.0, 5.0, 8.0}) {
    for (const double shift : {0.0, 0.25, 1.0, 1.5}) {
      const CusumDesign d{.slack = 0.5, .threshold = threshold};
      EXPECT_NEAR(siegmund_run_length(d, shift) / one_sided_run_length(d, shift), 1.0, 0.05)
          << threshold << " " << shift;
    }
  }
  const CusumDesign d{.slack = 0.5, .threshold = 4.0};
  EXPECT_NEAR(siegmund_run_length(d, 0.5), 5.166 * 5.166, 1e-9);
  EXPECT_NEAR(siegmund_run_length(d, 0.5 + 1e-5), 5.166 * 5.166, 1e-3);
}

// Asked for one false alarm in so many values, the threshold must give just that. Published:
// threshold 4.77 for 370 with slack 0.5 (D. M. Hawkins, Journal of Quality Technology 25, 1993).
TEST(RunLength, DesignsAMonitor) {
  EXPECT_NEAR(threshold_for(0.5, 370.0), 4.77, 0.01);
  for (const double length : {10.0, 370.0, 1e6}) {
    EXPECT_NEAR(run_length({0.5, threshold_for(0.5, length)}, 0.0) / length, 1.0, 1e-6);
  }
}

// Units mixed up.
TEST(RunLength, RefusesWhatIsNoDesign) {
  EXPECT_EQ(refusal([] {
              run_length({0.5, 500.0}, 0.0);
            }),
            "threshold = 500 (must be 50 or less); is it in deviations?");
  EXPECT_EQ(refusal([] { run_length({-0.5, 5.0}, 0.0); }), "slack = -0.5 (must not be negative)");
  EXPECT_EQ(refusal([] { run_length({}, std::numeric_limits<double>::quiet_NaN()); }),
            "shift = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { threshold_for(0.5, 0.002); }),
            "length = 0.002 (must lie in 2 to 1e9 values); is it a rate?");
}

}  // namespace
}  // namespace twin::score
