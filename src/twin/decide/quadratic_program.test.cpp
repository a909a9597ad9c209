// If these failed, a controller would be told of a best move that is none.
#include "twin/decide/quadratic_program.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::uint64_t QuadraticProgramSeed = 20270101;
constexpr double QuadraticProgramInfinity = std::numeric_limits<double>::infinity();

QuadraticProgram random_program(std::uint32_t world, Eigen::Index n, Eigen::Index m) {
  const core::Draw draw{QuadraticProgramSeed, world};
  const auto normal = [&](std::uint32_t what, Eigen::Index i, Eigen::Index j) {
    return math::normal(
        draw.uniform(what, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)));
  };
  QuadraticProgram p{MatrixXd(n, n), VectorXd(n), MatrixXd(m, n), VectorXd(m), VectorXd(m)};
  MatrixXd root(n, n);
  VectorXd inside(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    p.gradient[i] = 5.0 * normal(1, i, 0);
    inside[i] = normal(2, i, 0);
    for (Eigen::Index j = 0; j < n; ++j) root(i, j) = normal(0, i, j);
  }
  p.hessian = root * root.transpose() + 0.1 * MatrixXd::Identity(n, n);
  for (Eigen::Index i = 0; i < m; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) p.rows(i, j) = normal(3, i, j);
    const double at = p.rows.row(i).dot(inside);  // so that there is a solution
    const double kind = draw.uniform(4, static_cast<std::uint32_t>(i), 0);
    p.low[i] = kind < 0.3 ? -QuadraticProgramInfinity : at - std::abs(normal(5, i, 0));
    p.high[i] = kind > 0.7 ? QuadraticProgramInfinity : at + std::abs(normal(6, i, 0));
    if (kind > 0.45 && kind < 0.55 && i < n / 2) p.low[i] = p.high[i] = at;
    if (i > 0 && kind > 0.9) {  // the same row again, a little wider
      p.rows.row(i) = p.rows.row(i - 1);
      p.low[i] = p.low[i - 1] - 0.1;
      p.high[i] = p.high[i - 1] + 0.1;
    }
  }
  return p;
}

// Wrong: an answer would not be the best one. The conditions of Karush, Kuhn and Tucker are a proof of
// it: H x + g = A' multiplier, all rows kept, and a multiplier only where an end is touched, of its sign.
TEST(QuadraticProgram, MeetsTheConditionsOfTheBest) {
  SCOPED_TRACE(QuadraticProgramSeed);
  int touched = 0;
  for (std::uint32_t w = 0; w < 500; ++w) {
    const Eigen::Index n = 1 + w % 12, m = w % 31;
    const QuadraticProgram p = random_program(w, n, m);
    const QuadraticSolution s = solve(p);
    ASSERT_EQ(s.solved, Solved::Yes) << w;
    const VectorXd left = p.hessian * s.x + p.gradient - p.rows.transpose() * s.multiplier;
    EXPECT_LE(left.norm(), 1e-7 * (1 + p.gradient.norm() + s.multiplier.norm())) << w;
    for (Eigen::Index i = 0; i < m; ++i) {
      const double at = p.rows.row(i).dot(s.x), scale = 1e-7 * (10 + std::abs(at));
      EXPECT_GE(at, p.low[i] - scale) << w << " " << i;
      EXPECT_LE(at, p.high[i] + scale) << w << " " << i;
      if (s.multiplier[i] != 0.0) {
        EXPECT_NEAR(at, s.multiplier[i] > 0.0 ? p.low[i] : p.high[i], scale) << w << " " << i;
      }
      touched += s.multiplier[i] != 0.0;
    }
  }
  EXPECT_GT(touched, 500);
}

// Wrong: by hand. min (x - 3)^2 + (y - 2)^2 with x + y <= 3: (2, 1); with x <= 1.5 too: (1.5, 1.5).
TEST(QuadraticProgram, KnownAnswers) {
  QuadraticProgram p{2 * MatrixXd::Identity(2, 2), VectorXd(2), MatrixXd(1, 2), VectorXd(1),
                     VectorXd(1)};
  p.gradient << -6, -4;
  p.rows << 1, 1;
  p.low << -QuadraticProgramInfinity;
  p.high << 3;
  const QuadraticSolution one = solve(p);
  EXPECT_NEAR(one.x[0], 2.0, 1e-14);
  EXPECT_NEAR(one.x[1], 1.0, 1e-14);
  EXPECT_NEAR(one.multiplier[0], -2.0, 1e-14);
  p.rows = MatrixXd(2, 2);
  p.rows << 1, 1, 1, 0;
  p.low = VectorXd::Constant(2, -QuadraticProgramInfinity);
  p.high = VectorXd(2);
  p.high << 3, 1.5;
  const QuadraticSolution two = solve(p);
  EXPECT_NEAR(two.x[0], 1.5, 1e-14);
  EXPECT_NEAR(two.x[1], 1.5, 1e-14);
}

// Wrong: what cannot be would be solved, or take for ever.
TEST(QuadraticProgram, KnowsWhatCannotBe) {
  QuadraticProgram p{MatrixXd::Identity(1, 1), VectorXd::Zero(1), MatrixXd::Ones(2, 1), VectorXd(2),
                     VectorXd(2)};
  p.low << 1, -QuadraticProgramInfinity;
  p.high << QuadraticProgramInfinity, 0.5;
  EXPECT_EQ(solve(p).solved, Solved::Infeasible);
  p.low << 1, 2;
  p.high << 1, 2;
  EXPECT_EQ(solve(p).solved, Solved::Infeasible);
  p.rows << 1, 0;  // 0 x >= 2
  EXPECT_EQ(solve(p).solved, Solved::Infeasible);
  const QuadraticProgram large = random_program(29, 12, 29);
  EXPECT_EQ(solve(large, 1).solved, Solved::BudgetSpent);
}

// Wrong: nonsense would be taken in.
TEST(QuadraticProgram, RefusesNonsense) {
  QuadraticProgram p{MatrixXd::Zero(1, 1), VectorXd::Zero(1), MatrixXd(0, 1), VectorXd(0),
                     VectorXd(0)};
  EXPECT_EQ(refusal([&] { solve(p); }),
            "hessian (must be positive definite); does every variable have a cost?");
  p.hessian(0, 0) = std::nan("");
  EXPECT_EQ(refusal([&] { solve(p); }),
            "quadratic program (must be finite); was a missing value left in?");
  p.hessian(0, 0) = 1;
  EXPECT_EQ(solve(p).x[0], 0.0);
  p.rows = MatrixXd::Ones(1, 1);
  EXPECT_EQ(refusal([&] { solve(p); }),
            "quadratic program of 1 variables and 1 rows (shapes do not belong together)");
  p.low = VectorXd::Constant(1, 2.0);
  p.high = VectorXd::Constant(1, 1.0);
  EXPECT_EQ(refusal([&] { solve(p); }),
            "row 0: 2 to 1 (low must not be above high); are they swapped?");
}

}  // namespace
}  // namespace twin::decide
