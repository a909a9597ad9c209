// If these failed, measurements would be spent on a design that another one beats, with a certificate that none does.
#include "twin/uq/exchange_design.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/uq/linear_design.hpp"

namespace twin::uq {
namespace {

constexpr std::uint64_t ExchangeSeed = 20270401;
constexpr std::array Optimalities = {Optimality::D, Optimality::A, Optimality::I};

std::vector<std::vector<double>> powers(const std::vector<double>& at, int degree) {
  std::vector<std::vector<double>> f;
  for (const double x : at) {
    f.emplace_back();
    for (int k = 0; k <= degree; ++k) f.back().push_back(std::pow(x, k));
  }
  return f;
}

std::vector<double> grid(int cells) {
  std::vector<double> x;
  for (int i = 0; i <= cells; ++i) x.push_back(-1 + 2.0 * i / cells);
  return x;
}

// Moments of 1, x, x^2 for a uniform x in [-1, 1].
const std::vector<std::vector<double>> UniformMoments = {
    {1, 0, 1.0 / 3}, {0, 1.0 / 3, 0}, {1.0 / 3, 0, 0.2}};

// Corners, edges and the middle of the 3 x 3 grid, for a full quadratic.
std::vector<std::vector<double>> square_grid() {
  std::vector<std::vector<double>> f;
  for (const double x : {-1.0, 0.0, 1.0})
    for (const double y : {-1.0, 0.0, 1.0}) f.push_back({1, x, y, x * y, x * x, y * y});
  return f;
}

// Wrong: the weights would not be those that are known. A quadratic on [-1, 1], by calculus with weight u at both
// ends together: D u = 2/3, det 4/27; A 2 / (u (1 - u)); I (8/15) / (u (1 - u)), so u = 1/2 for both.
TEST(ExchangeDesign, WeightsOfAQuadraticAreTheKnownOnes) {
  const std::array ends = {1.0 / 3, 0.25, 0.25};
  const std::array values = {std::log(4.0 / 27), 8.0, 32.0 / 15};
  for (std::size_t k = 0; k < 3; ++k) {
    const ApproximateDesign a = approximate_design({.candidates = powers(grid(100), 2),
                                                    .optimality = Optimalities[k],
                                                    .moments = UniformMoments},
                                                   {.tolerance = 1e-10});
    ASSERT_TRUE(a.converged) << k;
    EXPECT_NEAR(a.weights[0], ends[k], 1e-8) << k;
    EXPECT_NEAR(a.weights[50], 1 - 2 * ends[k], 1e-8) << k;
    EXPECT_NEAR(a.weights[100], ends[k], 1e-8) << k;
    EXPECT_NEAR(a.value, values[k], 1e-9) << k;
    EXPECT_GE(a.efficiency, 1 - 1e-10) << k;
    for (const double s : a.sensitivity) EXPECT_LE(s, 1 + 1e-10) << k;
    for (const std::size_t i : {0U, 50U, 100U}) EXPECT_NEAR(a.sensitivity[i], 1, 1e-8) << k;
    RecordProperty("iterations_" + std::to_string(k), std::to_string(a.iterations));
  }
}

// Wrong: the same for a cubic, a quarter each at +-1 and +-1/sqrt(5) (P. G. Guest, Annals of Mathematical
// Statistics 29, 1958), among neighbours that are nearly as good; and for the 3 x 3 grid, which is a best choice
// of the square (R. H. Farrell, J. Kiefer and A. Walbran, Fifth Berkeley Symposium 1, 1967).
TEST(ExchangeDesign, WeightsOfACubicAndOfASquareAreTheKnownOnes) {
  std::vector<double> x = grid(200);
  x.insert(x.end(), {-1 / std::sqrt(5.0), 1 / std::sqrt(5.0)});
  const ApproximateDesign cubic =
      approximate_design({.candidates = powers(x, 3)}, {.tolerance = 1e-10});
  ASSERT_TRUE(cubic.converged);
  for (const std::size_t i : {0U, 200U, 201U, 202U}) EXPECT_NEAR(cubic.weights[i], 0.25, 1e-7);
  RecordProperty("cubic", std::to_string(cubic.iterations));
  const DesignProblem square = {.candidates = square_grid()};
  const ApproximateDesign a = approximate_design(square, {.tolerance = 1e-10});
  ASSERT_TRUE(a.converged);
  for (const std::size_t i : {0U, 2U, 6U, 8U}) EXPECT_NEAR(a.weights[i], 0.1458, 5e-5);
  for (const std::size_t i : {1U, 3U, 5U, 7U}) EXPECT_NEAR(a.weights[i], 0.0802, 5e-5);
  EXPECT_NEAR(a.weights[4], 0.0962, 5e-5);
  RecordProperty("square", std::to_string(a.iterations));
  // All nine once: det M = 64 / 6561 a run, 97.40 % of the 0.011427 that the known weights have.
  const ExactDesign nine =
      exchange_design(square, {.runs = 9, .repeats = Repeats::None, .starts = 1});
  EXPECT_NEAR(nine.value, std::log(64.0 / 6561) + 6 * std::log(9.0), 1e-12);
  EXPECT_NEAR(design_efficiency(square, nine.value - 6 * std::log(9.0), a.value), 0.9740, 5e-5);
}

// Wrong: the certificate would promise what is not so, before the end: value and bound hold the best between them
// after any number of iterations.
TEST(ExchangeDesign, TheBoundHoldsAllTheWay) {
  for (const Optimality optimality : Optimalities) {
    for (const double prior : {0.0, 0.5}) {
      DesignProblem problem = {.candidates = powers(grid(40), 4), .optimality = optimality};
      if (prior > 0.0) {
        problem.precision.assign(5, std::vector<double>(5, 0.0));
        for (std::size_t i = 1; i < 5; ++i) problem.precision[i][i] = prior;
      }
      const ApproximateDesign end = approximate_design(problem, {.runs = 3, .tolerance = 1e-10});
      ASSERT_TRUE(end.converged);
      const double sign = optimality == Optimality::D ? 1 : -1;
      double before = -1e300;
      for (const std::uint32_t n : {0U, 1U, 2U, 4U, 8U, 16U}) {
        const ApproximateDesign a =
            approximate_design(problem, {.runs = 3, .tolerance = 1e-10, .iterations = n});
        EXPECT_GE(sign * (end.value - a.value), -1e-9);
        EXPECT_GE(sign * (a.bound - end.value), -1e-9);
        EXPECT_GE(sign * a.value, before);  // no step is a loss
        EXPECT_NEAR(design_efficiency(problem, a.value, a.bound), a.efficiency, 1e-12);
        EXPECT_NEAR(std::accumulate(a.weights.begin(), a.weights.end(), 0.0), 1, 1e-12);
        before = sign * a.value - 1e-12;
      }
    }
  }
}

// By the adjugate, slow and obvious: of three columns.
double value_of_three(const DesignProblem& problem, const std::vector<std::size_t>& runs) {
  std::array<std::array<double, 3>, 3> m{};
  for (const std::size_t i : runs)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k)
        m[j][k] += problem.candidates[i][j] * problem.candidates[i][k];
  const auto minor = [&](std::size_t j, std::size_t k) {
    const std::size_t a = (j + 1) % 3, b = (j + 2) % 3, c = (k + 1) % 3, d = (k + 2) % 3;
    return m[a][c] * m[b][d] - m[a][d] * m[b][c];
  };
  const double det = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
  if (problem.optimality == Optimality::D) return -std::log(std::max(1e-300, det));
  double trace = 0.0;
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t k = 0; k < 3; ++k) {
      const double l = problem.optimality == Optimality::I ? problem.moments[j][k] : j == k;
      trace += l * minor(j, k) / det;
    }
  return det > 1e-9 ? trace : 1e300;
}

// Wrong: the search would miss what trying all would find. 5 runs of 8 candidates by chance, all 792 choices (56
// without repeats) tried, 30 instances for each criterion: the best of 20 starts is the best of all, and most starts
// alone are.
TEST(ExchangeDesign, FindsWhatTryingAllFinds) {
  SCOPED_TRACE(ExchangeSeed);
  for (const Repeats repeats : {Repeats::Allowed, Repeats::None}) {
    for (std::size_t k = 0; k < 3; ++k) {
      int met = 0, starts = 0;
      for (std::uint32_t world = 0; world < 30; ++world) {
        DesignProblem problem{.optimality = Optimalities[k]};
        const core::Draw draw{ExchangeSeed, world};
        for (std::uint32_t i = 0; i < 8; ++i)
          problem.candidates.push_back(
              {1, math::normal(draw.uniform(0, i, 0)), math::normal(draw.uniform(0, i, 1))});
        problem.moments = moment_matrix(problem.candidates);
        double best = 1e300;
        std::vector<std::size_t> runs;
        const std::function<void(std::size_t)> all = [&](std::size_t from) {
          if (runs.size() == 5) {
            best = std::min(best, value_of_three(problem, runs));
            return;
          }
          for (std::size_t i = from; i < 8; ++i) {
            runs.push_back(i);
            all(repeats == Repeats::None ? i + 1 : i);
            runs.pop_back();
          }
        };
        all(0);
        const ExactDesign found =
            exchange_design(problem, {.runs = 5, .repeats = repeats, .starts = 20, .seed = world});
        const double sign = k == 0 ? -1 : 1;
        EXPECT_NEAR(sign * found.value, best, 1e-9 * std::abs(best)) << k << " " << world;
        EXPECT_NEAR(value_of_three(problem, found.runs), best, 1e-9 * std::abs(best));
        EXPECT_TRUE(found.converged);
        starts += 20;
        met += static_cast<int>(std::ranges::count_if(found.of_start, [&](double v) {
          return std::abs(sign * v - best) <= 1e-9 * std::abs(best);
        }));
        const ApproximateDesign any = approximate_design(problem, {.runs = 5});
        EXPECT_GE(sign * (found.value - any.bound), 0.0);
      }
      EXPECT_GT(2 * met, starts) << k;
      RecordProperty((repeats == Repeats::None ? "once_" : "repeats_") + std::to_string(k),
                     std::to_string(met) + " of " + std::to_string(starts));
    }
  }
}

// Wrong: known exact designs would not be found. Counts a, b, c of a quadratic at -1, 0, 1 have det 4 a b c. Main
// effects at two levels: no n runs beat n^columns (J. Hadamard, 1893), which factorials and, with seven factors in
// eight runs, their regular fractions reach (R. L. Plackett and J. P. Burman, Biometrika 33, 1946).
TEST(ExchangeDesign, FindsKnownExactDesigns) {
  const DesignProblem quadratic = {.candidates = powers(grid(20), 2)};
  for (const auto& [runs, det] : {std::pair{3U, 4.0}, {4U, 8.0}, {6U, 32.0}, {7U, 48.0}}) {
    const ExactDesign e = exchange_design(quadratic, {.runs = runs});
    EXPECT_NEAR(e.value, std::log(det), 1e-12) << runs;
    for (const std::size_t i : e.runs) EXPECT_EQ(i % 10, 0U);
    const ApproximateDesign a = approximate_design(quadratic, {.runs = 1.0 * runs});
    EXPECT_NEAR(design_efficiency(quadratic, e.value, a.value),
                std::cbrt(det * 27 / 4 / std::pow(runs, 3)), 1e-6);
  }
  for (const unsigned factors : {3U, 7U}) {
    DesignProblem effects;
    for (unsigned i = 0; i < 1U << factors; ++i) {
      effects.candidates.push_back({1});
      for (unsigned j = 0; j < factors; ++j)
        effects.candidates.back().push_back((i >> j & 1U) != 0 ? 1 : -1);
    }
    const ExactDesign e = exchange_design(effects, {.runs = 8, .starts = 20});
    EXPECT_NEAR(e.value, (factors + 1) * std::log(8.0), 1e-12);
    RecordProperty("factors_" + std::to_string(factors),
                   std::to_string(std::ranges::count_if(
                       e.of_start, [&](double v) { return v > e.value - 1e-9; })));
  }
}

// Wrong: beside a prior another thing would be told than LinearDesign tells: twice its information, ln det M, for any
// design of a line with a standard normal prior and errors of 0.5; and one run would do for two columns.
TEST(ExchangeDesign, WithAPriorItIsInformation) {
  DesignProblem line = {.precision = {{1, 0}, {0, 1}}};
  for (const double x : grid(10)) line.candidates.push_back({2, 2 * x});
  const ExactDesign two = exchange_design(line, {.runs = 2});
  EXPECT_EQ(two.runs, (std::vector<std::size_t>{0, 10}));
  EXPECT_NEAR(0.5 * two.value, 2.1972245773, 5e-11);
  LinearDesign d(line.candidates, std::vector<double>(11, 1.0), {});
  const ExactDesign three = exchange_design(line, {.runs = 3});
  for (const std::size_t i : three.runs) d.take(i);
  EXPECT_NEAR(0.5 * three.value, d.information_taken(), 1e-12);
  const ExactDesign one = exchange_design(line, {.runs = 1, .repeats = Repeats::None});
  EXPECT_NEAR(one.value, std::log(9.0), 1e-12);
  const ApproximateDesign a = approximate_design(line, {.runs = 1, .tolerance = 1e-9});
  EXPECT_TRUE(a.converged);
  EXPECT_GE(a.bound, std::log(9.0));
  EXPECT_NEAR(a.value, 2 * std::log(5.0), 1e-9);  // halves at both ends
  // A slope that is known: the other column is all there is to learn.
  line.precision = {{0, 0}, {0, 1e9}};
  line.optimality = Optimality::A;
  EXPECT_NEAR(exchange_design(line, {.runs = 1}).value, 0.25, 1e-8);
}

TEST(ExchangeDesign, IsTheSameForAnyNumberOfThreads) {
  const DesignProblem problem = {.candidates = powers(grid(30), 5), .optimality = Optimality::I};
  const ExactDesign one = exchange_design(problem, {.runs = 9, .seed = 5}),
                    three = exchange_design(problem, {.runs = 9, .seed = 5, .threads = 3});
  EXPECT_EQ(one.runs, three.runs);
  EXPECT_EQ(one.of_start, three.of_start);
}

TEST(ExchangeDesign, RefusesWhatCannotBe) {
  const DesignProblem line = {.candidates = {{1, -1}, {1, 1}, {1, 0}}};
  const auto why = [&](const ExchangeOptions& o) {
    return contract::refusal([&] { (void)exchange_design(line, o); });
  };
  EXPECT_EQ(why({}), "0 runs from 10 starts (at least 1)");
  EXPECT_EQ(why({.runs = 1}), "1 runs do not tell 2 columns apart (more runs, or a prior)");
  EXPECT_EQ(why({.runs = 4, .repeats = Repeats::None}), "4 runs of 3 candidates, each once");
  EXPECT_EQ(contract::refusal([&] { (void)approximate_design(line, {.runs = 0}); }),
            "runs = 0 (must be positive)");
}

}  // namespace
}  // namespace twin::uq
